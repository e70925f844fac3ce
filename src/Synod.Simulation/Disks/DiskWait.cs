namespace Synod.Simulation;

/// <summary>What happens as soon as so many frames are written and not flushed.</summary>
internal sealed record DiskWait(int Frames, Action Then);
