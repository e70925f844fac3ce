namespace Synod.Transport;

/// <summary>A frame that arrived whole. The payload is valid until more is received.</summary>
internal readonly record struct ReceivedFrame(
    byte Version, FrameKind Kind, ReadOnlyMemory<byte> Payload);
