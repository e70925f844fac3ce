using System.Buffers.Binary;
using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Messages of one turn in one frame: their heads first, each behind its length and that
/// of its command, then the commands. One alone is sent as it is.</summary>
/// <param name="count">How many.</param>
/// <param name="heads">What <see cref="Add"/> wrote, so many times.</param>
internal readonly ref struct Bundle(int count, ReadOnlySpan<byte> heads) : IWire
{
    /// <summary>The bytes of a head besides its message: the two lengths.</summary>
    public const int LengthBytes = sizeof(ushort) + sizeof(int);

    private readonly ReadOnlySpan<byte> _heads = heads;

    /// <summary>Appends a message.</summary>
    /// <param name="heads">The heads before it.</param>
    /// <param name="message">The message.</param>
    /// <param name="command">How many bytes its command has.</param>
    public static void Add<T>(FrameBuffer heads, in T message, int command)
        where T : struct, IWire
    {
        int start = heads.Length;
        heads.WriteUInt16(0);
        heads.WriteInt32(command);
        message.WriteTo(heads);
        int length = heads.Length - start - LengthBytes;
        BinaryPrimitives.WriteUInt16LittleEndian(
            heads.Patch(start, sizeof(ushort)), checked((ushort)length));
    }

    public void WriteTo(FrameBuffer buffer)
    {
        if (count == 1)
        {
            buffer.WriteBytes(_heads[LengthBytes..]);
            return;
        }

        EPaxosCodec.WriteHead(buffer, EPaxosKind.Bundle);
        buffer.WriteUInt16((ushort)count);
        buffer.WriteBytes(_heads);
    }
}
