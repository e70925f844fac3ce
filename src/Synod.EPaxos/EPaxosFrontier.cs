using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What a snapshot of the machine has in it: of each owner all up to a slot, and some
/// beyond. With each instance it has all that this depends on.</summary>
/// <param name="through">Of each owner the slot up to which all is in it.</param>
/// <param name="beyond">What else is.</param>
internal sealed class EPaxosFrontier(EPaxosCover through, IReadOnlyList<SlotRange> beyond)
{
    /// <summary>That of an empty machine.</summary>
    public static EPaxosFrontier Empty { get; } = new(default, []);

    /// <summary>Of each owner the slot up to which all is in it.</summary>
    public EPaxosCover Through => through;

    /// <summary>Whether the instance is in it.</summary>
    public bool Covers(InstanceId id)
    {
        if (through.Covers(id))
            return true;

        foreach (SlotRange range in beyond)
        {
            if (range.First.Owner == id.Owner && range.First.Slot <= id.Slot
                && id.Slot <= range.Last)
            {
                return true;
            }
        }

        return false;
    }

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteByte(EPaxosCodec.Version);
        through.WriteTo(buffer);
        EPaxosCodec.WriteRanges(buffer, beyond);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote; no bytes are that of an empty
    /// machine.</summary>
    /// <exception cref="ArgumentException">These bytes are something else.</exception>
    public static EPaxosFrontier Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return Empty;

        FrameReader reader = new(bytes);
        reader.Require(reader.ReadByte() == EPaxosCodec.Version);
        EPaxosCover through = EPaxosCover.ReadFrom(ref reader);
        EPaxosFrontier frontier =
            new(through, EPaxosCodec.ReadRanges(ref reader, bytes.Length));
        return reader.IsComplete
            ? frontier
            : throw new ArgumentException("These bytes are no frontier.", nameof(bytes));
    }
}
