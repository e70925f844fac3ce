using Synod.Abstractions;
using Synod.Kernel;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Synod.Runtime;

/// <summary>A command as it is replicated: who sent it, for which key, and the machine's bytes. A
/// replica takes it from the client's frame as it is.</summary>
public readonly ref struct Envelope
{
    private const byte Version = 1;
    private const int HeadBytes = 37;

    private static readonly byte[] Nothing = new byte[HeadBytes];

    /// <summary>Which command it is, however often it arrives.</summary>
    public required CommandIdentity Identity { get; init; }

    /// <summary>The client has seen, or given up, all its commands on this key up to this sequence:
    /// their results need not be kept.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>The key.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The command, for the machine.</summary>
    public required ReadOnlySpan<byte> Command { get; init; }

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(Version);
        buffer.WriteUInt32(Identity.Session.Epoch);
        buffer.WriteUInt64(Identity.Session.Unique);
        buffer.WriteInt64(Identity.Sequence);
        buffer.WriteInt64(Identity.Previous);
        buffer.WriteInt64(Acknowledged);
        buffer.WriteSized(Key);
        buffer.WriteBytes(Command);
    }

    /// <summary>Reads an envelope to the end; look at <see cref="FrameReader.IsComplete"/>
    /// afterwards.</summary>
    public static Envelope ReadFrom(ref FrameReader reader)
    {
        // In one look: every command passes here, on every replica.
        ReadOnlySpan<byte> head = reader.ReadBytes(HeadBytes);
        if (head.IsEmpty)
            head = Nothing;
        SessionId session =
            new(ReadUInt32LittleEndian(head[1..]), ReadUInt64LittleEndian(head[5..]));
        long sequence = ReadInt64LittleEndian(head[13..]);
        long previous = ReadInt64LittleEndian(head[21..]);
        long acknowledged = ReadInt64LittleEndian(head[29..]);
        reader.Require(head[0] == Version && previous >= 0 && acknowledged >= 0);
        reader.Require(previous < sequence && acknowledged < sequence);
        return new Envelope
        {
            Identity = new CommandIdentity(session, sequence, previous),
            Acknowledged = acknowledged,
            Key = reader.ReadSized(),
            Command = reader.ReadBytes(reader.Remaining),
        };
    }
}
