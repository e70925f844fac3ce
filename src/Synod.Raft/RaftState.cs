using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The state of figure 2 that every server has: what its records rebuild after a restart,
/// and below it what it learns anew.</summary>
internal sealed class RaftState
{
    /// <summary>Durable: the newest term seen.</summary>
    public Term CurrentTerm { get; private set; }

    /// <summary>Durable: who has this member's vote in <see cref="CurrentTerm"/>.</summary>
    public Member? VotedFor { get; private set; }

    /// <summary>Durable: what damage has done to this member.</summary>
    public RaftDamage Damage { get; private set; }

    /// <summary>Durable: the log; of a damaged member as far as it is known to be what it
    /// was.</summary>
    public RaftLog Log { get; } = new();

    /// <summary>Volatile: the newest entry known to be committed; all up to it were
    /// delivered.</summary>
    public LogIndex Commit { get; private set; }

    /// <summary>Volatile: the newest entry whose record is known to be durable here.</summary>
    public LogIndex Durable { get; private set; }

    /// <summary>Takes a term and a vote, as persisted.</summary>
    public void SetVote(Term term, Member? votedFor)
    {
        Invariant.Holds(CurrentTerm <= term, RaftRules.TermsGrow);
        Invariant.Holds(
            CurrentTerm != term || VotedFor is null || VotedFor == votedFor,
            RaftRules.OneVotePerTerm);
        CurrentTerm = term;
        VotedFor = votedFor;
    }

    /// <summary>Takes what damage has done, as persisted with the vote.</summary>
    public void SetDamage(in RaftDamage damage) => Damage = damage;

    /// <summary>Drops a tail that conflicts with the leader's log.</summary>
    public void CutFrom(LogIndex index)
    {
        Invariant.Holds(Commit < index, RaftRules.CommittedStays);
        Log.CutFrom(index);
        Durable = LogIndex.Min(Durable, Log.Last);
    }

    /// <summary>Moves <see cref="Commit"/> forward.</summary>
    public void CommitTo(LogIndex index)
    {
        Invariant.Holds(Commit <= index, RaftRules.CommittedStays);
        Invariant.Holds(index <= Log.Last, RaftRules.FollowerCommits);
        Commit = index;
    }

    /// <summary>Moves <see cref="Durable"/> over all entries whose records are durable.</summary>
    public void DurableThrough(RecordNumber record)
    {
        while (Durable < Log.Last && Log[Durable.Next()].Command.Record <= record)
            Durable = Durable.Next();
    }
}
