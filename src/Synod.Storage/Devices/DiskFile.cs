namespace Synod.Storage;

/// <summary>A file of a block device, and how many bytes it has.</summary>
public readonly record struct DiskFile(string Name, long Length);
