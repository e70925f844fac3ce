using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Asks for a vote, or whether one would be given (figure 2, thesis §9.6).</summary>
/// <param name="Term">The candidate's term; of a pre-vote, the term it would campaign in.</param>
/// <param name="LastIndex">The candidate's newest entry.</param>
/// <param name="LastTerm">The term of that entry.</param>
/// <param name="IsPreVote">Whether this only asks whether the vote would be given.</param>
/// <param name="Transfer">Which transfer of the term before it was asked to campaign for, by the
/// leader itself (thesis §3.10); zero if it campaigns of its own accord.</param>
internal readonly record struct RequestVote(
    Term Term, LogIndex LastIndex, Term LastTerm, bool IsPreVote, long Transfer = 0) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RaftCodec.WriteHead(buffer, RaftKind.RequestVote, Term);
        buffer.WriteInt64(LastIndex.Number);
        buffer.WriteInt64(LastTerm.Number);
        buffer.WriteBoolean(IsPreVote);
        buffer.WriteInt64(Transfer);
    }

    public override string ToString() =>
        $"{(IsPreVote ? "PreVote" : "RequestVote")} {Term} last {LastIndex} {LastTerm}"
        + (Transfer == 0 ? "" : $" transfer {Transfer}");
}

/// <summary>Answers <see cref="RequestVote"/>.</summary>
/// <param name="Term">The voter's term; of a granted pre-vote, the term asked for.</param>
/// <param name="IsPreVote">Whether it answers a pre-vote.</param>
/// <param name="IsGranted">Whether the vote is, or would be, given.</param>
internal readonly record struct VoteReply(Term Term, bool IsPreVote, bool IsGranted) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RaftCodec.WriteHead(buffer, RaftKind.VoteReply, Term);
        buffer.WriteBoolean(IsPreVote);
        buffer.WriteBoolean(IsGranted);
    }

    public override string ToString() =>
        $"{(IsPreVote ? "PreVoteReply" : "VoteReply")} {Term} "
        + (IsGranted ? "granted" : "refused");
}

/// <summary>Replicates entries, and is the heartbeat when there are none (figure 2).</summary>
internal readonly ref struct AppendEntries : IWire
{
    /// <summary>The leader's term.</summary>
    public required Term Term { get; init; }

    /// <summary>The index of the entry before the new ones.</summary>
    public required LogIndex PreviousIndex { get; init; }

    /// <summary>The term of that entry.</summary>
    public required Term PreviousTerm { get; init; }

    /// <summary>The leader's commit index.</summary>
    public required LogIndex Commit { get; init; }

    /// <summary>The newest round that was begun before it was sent; the answer confirms
    /// it.</summary>
    public required long Round { get; init; }

    /// <summary>How many transfers of leadership were begun in the term and are over: who was
    /// asked to campaign for one of them must not any more.</summary>
    public required long TransfersOver { get; init; }

    /// <summary>The number of the receiver's damage, as far as the leader knew it; see
    /// <see cref="RaftDamage"/>.</summary>
    public long Damage { get; init; }

    /// <summary>The newest entry of the leader when it sent this.</summary>
    public LogIndex Last { get; init; }

    /// <summary>Whether the leader has nothing to do: all of its log is committed, and before the
    /// new entries, of which there are none. Whoever holds just that waits for it no
    /// longer.</summary>
    public bool Rests { get; init; }

    /// <summary>The new entries.</summary>
    public ReadOnlySpan<RaftEntryHead> Entries { get; init; }

    /// <summary>In a received message: where in the frame the first command begins.</summary>
    public int CommandsOffset { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RaftCodec.WriteHead(buffer, Rests ? RaftKind.Rest : RaftKind.AppendEntries, Term);
        buffer.WriteInt64(PreviousIndex.Number);
        buffer.WriteInt64(PreviousTerm.Number);
        buffer.WriteInt64(Commit.Number);
        buffer.WriteInt64(Round);
        buffer.WriteInt64(TransfersOver);
        buffer.WriteInt64(Damage);
        buffer.WriteInt64(Last.Number);
        buffer.WriteInt32(Entries.Length);
        foreach (RaftEntryHead entry in Entries)
        {
            buffer.WriteInt64(entry.Term.Number);
            buffer.WriteByte((byte)entry.Kind);
            buffer.WriteInt32(entry.Length);
        }
    }

    public override string ToString() =>
        $"AppendEntries {Term} after {PreviousIndex} {PreviousTerm} commit {Commit} "
        + $"round {Round} entries {Entries.Length}"
        + (Rests ? " rests" : "")
        + (TransfersOver == 0 ? "" : $" transfers over {TransfersOver}")
        + (Damage > 0 ? $" damage {DamageNumber.Text(Damage)} last {Last}" : "");
}

/// <summary>Answers <see cref="AppendEntries"/>.</summary>
/// <param name="Term">The follower's term.</param>
/// <param name="IsAccepted">Whether the entry before the new ones was there.</param>
/// <param name="Index">Accepted: the last entry that the request proves. Refused: the previous
/// index of the request.</param>
/// <param name="HintIndex">Refused: the newest entry that may match.</param>
/// <param name="HintTerm">Refused: the term of that entry.</param>
/// <param name="Round">The round of the request.</param>
/// <param name="Damage">The number of the follower's damage; see <see cref="RaftDamage"/>.</param>
/// <param name="Health">What its word is worth: of a damaged follower, what it accepts is no
/// acknowledgement.</param>
internal readonly record struct AppendReply(
    Term Term,
    bool IsAccepted,
    LogIndex Index,
    LogIndex HintIndex,
    Term HintTerm,
    long Round,
    long Damage = 0,
    KernelHealth Health = KernelHealth.Whole) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RaftCodec.WriteHead(buffer, RaftKind.AppendReply, Term);
        buffer.WriteBoolean(IsAccepted);
        buffer.WriteInt64(Index.Number);
        buffer.WriteInt64(HintIndex.Number);
        buffer.WriteInt64(HintTerm.Number);
        buffer.WriteInt64(Round);
        buffer.WriteInt64(Damage);
        buffer.WriteByte((byte)Health);
    }

    public override string ToString() => (IsAccepted
        ? $"AppendReply {Term} accepted {Index} round {Round}"
        : $"AppendReply {Term} refused {Index} hint {HintIndex} {HintTerm} round {Round}")
        + (Damage > 0 ? $" {Health} {DamageNumber.Text(Damage)}" : "");
}
