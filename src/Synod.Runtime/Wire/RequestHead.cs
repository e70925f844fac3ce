using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The head of a client's request. Behind it: for a command an
/// <see cref="Envelope"/>, for a query the sized key and the query, for a transfer a
/// <see cref="TransferRequest"/>, for a watch a <see cref="WatchRequest"/>, the sized key and the
/// query, for a use of watches any number of <see cref="WatchUse"/>, for a status and the end of a
/// watch nothing.</summary>
public readonly record struct RequestHead(long Number, GroupId Group, RequestKind Kind)
{
    private const byte Version = 1;

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)NodeFrameKind.Request);
        buffer.WriteInt64(Number);
        buffer.WriteUInt64(Group.Number);
        buffer.WriteByte((byte)Kind);
    }

    /// <summary>Number and group of a request whose head is not valid, for the answer; zero if it
    /// does not even reach that far.</summary>
    internal static RequestHead Guess(ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        reader.Require(reader.ReadByte() == Version);
        reader.Require(reader.ReadByte() == (byte)NodeFrameKind.Request);
        long number = reader.ReadInt64();
        GroupId group = new(reader.ReadUInt64());
        return reader.IsValid ? new RequestHead(number, group, default) : default;
    }

    /// <summary>Reads the head; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static RequestHead ReadFrom(ref FrameReader reader)
    {
        reader.Require(reader.ReadByte() == Version);
        reader.Require(reader.ReadByte() == (byte)NodeFrameKind.Request);
        long number = reader.ReadInt64();
        GroupId group = new(reader.ReadUInt64());
        RequestKind kind = (RequestKind)reader.ReadByte();
        reader.Require(kind is >= RequestKind.Command and <= RequestKind.StepwiseCommand);
        return new RequestHead(number, group, kind);
    }
}
