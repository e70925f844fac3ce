using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Record: all of the small durable state, that is the ballot that this acceptor has
/// promised, and what damage has done to it.</summary>
/// <param name="Ballot">The ballot.</param>
/// <param name="Damage">The damage.</param>
/// <param name="Concludes">Whether it is the first record of a life that began damaged: what is
/// lost before it is known, and all above <see cref="MultiPaxosDamage.Certain"/> forgotten.</param>
internal readonly record struct PromiseRecord(
    Ballot Ballot, MultiPaxosDamage Damage, bool Concludes = false) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.PromiseRecord, Ballot);
        Damage.WriteTo(buffer);
        buffer.WriteBoolean(Concludes);
    }

    public static PromiseRecord ReadFrom(Ballot ballot, ref FrameReader reader) =>
        new(ballot, MultiPaxosDamage.ReadFrom(ref reader), reader.ReadBoolean());

    public override string ToString() =>
        $"promised {Ballot}{Damage.Suffix}" + (Concludes ? ", forgets the rest" : "");
}

/// <summary>Record: the value of a slot in a ballot; its command follows. It is accepted if the
/// ballot is the one that is promised.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Ballot">In which ballot it was proposed.</param>
/// <param name="Origin">In which ballot it was proposed first.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Chosen">Up to here the slots, this one included, hold what is chosen.</param>
internal readonly record struct ValueRecord(
    LogIndex Slot, Ballot Ballot, Ballot Origin, MultiPaxosValueKind Kind, LogIndex Chosen) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.ValueRecord, Ballot);
        buffer.WriteInt64(Slot.Number);
        MultiPaxosCodec.WriteKind(buffer, Ballot, Origin, Kind);
        buffer.WriteInt64(Chosen.Number);
    }

    public static ValueRecord ReadFrom(Ballot ballot, ref FrameReader reader)
    {
        LogIndex slot = new(reader.ReadCount());
        MultiPaxosValueKind kind = MultiPaxosCodec.ReadKind(ballot, ref reader, out Ballot origin);
        LogIndex chosen = new(reader.ReadCount());
        reader.Require(slot > LogIndex.Zero && chosen <= slot);
        reader.Require(kind != MultiPaxosValueKind.None);
        return new ValueRecord(slot, ballot, origin, kind, chosen);
    }

    public override string ToString() =>
        $"value {Slot} {Ballot} {Kind}"
        + (Origin == Ballot ? "" : $" of {Origin}")
        + $" chosen {Chosen}";
}

/// <summary>Record: the values that these slots hold were proposed in a higher ballot as well. They
/// are accepted in it if it is the one that is promised.</summary>
/// <param name="First">The first slot.</param>
/// <param name="Last">The last slot.</param>
/// <param name="Ballot">The ballot.</param>
internal readonly record struct BallotRecord(LogIndex First, LogIndex Last, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.BallotRecord, Ballot);
        buffer.WriteInt64(First.Number);
        buffer.WriteInt64(Last.Number);
    }

    public static BallotRecord ReadFrom(Ballot ballot, ref FrameReader reader)
    {
        LogIndex first = new(reader.ReadCount());
        LogIndex last = new(reader.ReadCount());
        reader.Require(LogIndex.Zero < first && first <= last);
        return new BallotRecord(first, last, ballot);
    }

    public override string ToString() => $"ballot {First} to {Last} {Ballot}";
}
