using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Record: all of the small durable state, that is the term, who has the vote of this
/// member in it, and what damage has done to it.</summary>
internal readonly record struct VoteRecord(
    Term Term, Member? VotedFor, RaftDamage Damage = default) : IWire
{
    private const byte Nobody = byte.MaxValue;

    public void WriteTo(FrameBuffer buffer)
    {
        RaftCodec.WriteHead(buffer, RaftKind.VoteRecord, Term);
        buffer.WriteByte(VotedFor?.Index ?? Nobody);
        Damage.WriteTo(buffer);
    }

    public static VoteRecord ReadFrom(Term term, ref FrameReader reader)
    {
        byte votedFor = reader.ReadByte();
        reader.Require(votedFor is < MemberSet.MembersMax or Nobody);
        return new VoteRecord(
            term,
            votedFor == Nobody ? null : new Member(votedFor),
            RaftDamage.ReadFrom(ref reader));
    }

    public override string ToString() =>
        $"vote {Term} for {VotedFor?.ToString() ?? "nobody"}{Damage.Suffix}";
}

/// <summary>Record: an entry of the log; its command follows. A record with an index that is there
/// already cuts the tail from there on.</summary>
internal readonly record struct EntryRecord(LogIndex Index, Term Term, RaftEntryKind Kind) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RaftCodec.WriteHead(buffer, RaftKind.EntryRecord, Term);
        buffer.WriteInt64(Index.Number);
        buffer.WriteByte((byte)Kind);
    }

    public static EntryRecord ReadFrom(Term term, ref FrameReader reader)
    {
        LogIndex index = new(reader.ReadCount());
        RaftEntryKind kind = RaftCodec.ReadEntryKind(ref reader);
        reader.Require(index > LogIndex.Zero);
        return new EntryRecord(index, term, kind);
    }

    public override string ToString() => $"entry {Index} {Term} {Kind}";
}
