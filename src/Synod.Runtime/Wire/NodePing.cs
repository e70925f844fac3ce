using System.Buffers;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Says that a node is alive, whatever its groups do. It carries the monotonic clock of
/// the sender: a node whose clock stands still is not alive (safety §6).</summary>
public readonly record struct NodePing(Instant Clock)
{
    private const byte Version = 1;
    private const int Bytes = sizeof(byte) + sizeof(byte) + sizeof(long);

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)NodeFrameKind.Ping);
        buffer.WriteInt64(Clock.Ticks);
    }

    /// <summary>Whether the frame is a ping of this version.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> frame, out NodePing ping)
    {
        ping = default;
        if (frame.Length != Bytes)
            return false;

        Span<byte> bytes = stackalloc byte[Bytes];
        frame.CopyTo(bytes);
        FrameReader reader = new(bytes);
        reader.Require(reader.ReadByte() == Version);
        reader.Require(reader.ReadByte() == (byte)NodeFrameKind.Ping);
        ping = new NodePing(new Instant(reader.ReadInt64()));
        return reader.IsComplete;
    }
}
