namespace Synod.Transport;

/// <summary>What stands before the payload of a frame.</summary>
internal readonly record struct FramePrefix(uint BodyBytes, uint Checksum, FrameKind Kind);
