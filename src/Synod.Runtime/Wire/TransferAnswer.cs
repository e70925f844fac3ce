using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>How moving leadership has ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Leader">Who leads now, as far as the node that answers knows.</param>
public readonly record struct TransferAnswer(TransferOutcome Outcome, NodeId? Leader)
{
    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte((byte)Outcome);
        buffer.WriteUInt32(Leader?.Number ?? 0);
    }

    /// <summary>Reads an answer; look at <see cref="FrameReader.IsComplete"/> afterwards.</summary>
    public static TransferAnswer ReadFrom(ref FrameReader reader)
    {
        TransferOutcome outcome = (TransferOutcome)reader.ReadByte();
        reader.Require(Enum.IsDefined(outcome));
        uint leader = reader.ReadUInt32();
        return new TransferAnswer(outcome, leader == 0 ? null : new NodeId(leader));
    }
}
