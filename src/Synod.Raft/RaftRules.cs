using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The rules of Raft that the code carries out and the tests show: paper, section and one
/// sentence. "Raft" is the extended paper of Ongaro and Ousterhout, "Thesis" Ongaro's.</summary>
public static class RaftRules
{
    /// <summary>Well-formed frames.</summary>
    public const string FramesAreMessages =
        "a frame is a message of this protocol and version";

    /// <summary>Terms only grow.</summary>
    public const string TermsGrow =
        "Raft §5.1: a server that sees a newer term adopts it and becomes a follower";

    /// <summary>Stale terms are refused.</summary>
    public const string StaleTermIsRefused =
        "Raft §5.1: a request with a stale term is refused, with the newer term in the answer";

    /// <summary>Votes.</summary>
    public const string OneVotePerTerm =
        "Raft §5.2: a server votes for at most one candidate in a term, first come first served";

    /// <summary>Election safety.</summary>
    public const string ElectionSafety = "Raft §5.2: at most one leader in a term";

    /// <summary>Winning.</summary>
    public const string MajorityElects =
        "Raft §5.2: a candidate that has the votes of a majority for its term leads";

    /// <summary>Randomised timeouts.</summary>
    public const string RandomTimeouts = LeaderRules.RandomTimeouts;

    /// <summary>Leaders only append.</summary>
    public const string LeaderAppendOnly =
        "Raft §5.3: a leader never overwrites or deletes entries in its own log";

    /// <summary>The consistency check.</summary>
    public const string LogMatching =
        "Raft §5.3: a follower accepts entries only behind an entry of equal index and term";

    /// <summary>Conflicts.</summary>
    public const string ConflictCutsTail =
        "Raft §5.3: an entry that conflicts with the leader's goes, with all that follow it";

    /// <summary>Hints.</summary>
    public const string ConflictHints = LeaderRules.ConflictHints;

    /// <summary>What an answer proves.</summary>
    public const string AcceptProvesItsEntries = LeaderRules.AcceptProvesItsEntries;

    /// <summary>Up-to-date logs.</summary>
    public const string UpToDateLogWins =
        "Raft §5.4.1: a vote is refused to a candidate whose log is less up to date";

    /// <summary>Counting.</summary>
    public const string OwnTermCommits =
        "Raft §5.4.2: only entries of the leader's own term are committed by counting";

    /// <summary>Leader completeness.</summary>
    public const string CommittedStays =
        "Raft §5.4.3: a committed entry is in the log of every later leader, and never overwritten";

    /// <summary>Commitment at followers.</summary>
    public const string FollowerCommits =
        "Raft §5.3: a follower commits up to the leader's commit index, as far as the request "
        + "proves";

    /// <summary>Durability.</summary>
    public const string DurableBeforeAnswer =
        "Raft §5.6: term, vote and entries are durable before the answer that rests on them";

    /// <summary>Delivery.</summary>
    public const string AppliedInOrder =
        "Raft §5.3: a server applies every committed entry once, in the order of the log";

    /// <summary>No-op.</summary>
    public const string NoOpAtElection =
        "Raft §8: a new leader commits a no-op entry in its term";

    /// <summary>Read index.</summary>
    public const string ReadIndex = LeaderRules.ReadIndex;

    /// <summary>Reads at followers.</summary>
    public const string FollowerReads = LeaderRules.FollowerReads;

    /// <summary>Questions.</summary>
    public const string QuestionsRestOnNothing = LeaderRules.QuestionsRestOnNothing;

    /// <summary>Lease reads.</summary>
    public const string LeaseRead = LeaderRules.LeaseRead;

    /// <summary>Promises.</summary>
    public const string LeasePromise = LeaderRules.LeasePromise;

    /// <summary>Promises and restarts.</summary>
    public const string PromiseOutlivesRestart = LeaderRules.PromiseOutlivesRestart;

    /// <summary>Parallel write.</summary>
    public const string LeaderWritesInParallel =
        "Thesis §10.2.1: a leader may send entries before its own disk holds them, and counts "
        + "itself only when it does";

    /// <summary>Pre-vote.</summary>
    public const string PreVote =
        "Thesis §9.6: a server raises its term only when a majority would vote for it";

    /// <summary>Disruptive servers.</summary>
    public const string LeaderIsHeard = LeaderRules.LeaderIsHeard;

    /// <summary>Check-quorum.</summary>
    public const string CheckQuorum = LeaderRules.CheckQuorum;

    /// <summary>Leadership transfer.</summary>
    public const string LeadershipTransfer = LeaderRules.LeadershipTransfer;

    /// <summary>A transfer voids the lease.</summary>
    public const string TransferVoidsLease = LeaderRules.TransferVoidsLease;

    /// <summary>Hopeless elections.</summary>
    public const string HopelessElectionEnds = LeaderRules.HopelessElectionEnds;

    /// <summary>How far damage reaches.</summary>
    public const string DamageIsBounded =
        "Synod safety §7: of L lost records before entry q the first may have been entry q − L, "
        + "and behind the last entry that is left any; nothing from there on is known";

    /// <summary>What a damaged member must not do.</summary>
    public const string DamagedIsSilent = LeaderRules.DamagedIsSilent;

    /// <summary>Votes of a damaged member.</summary>
    public const string DamagedVotesByWhatItHad =
        "Synod safety §7: a damaged member votes only if term, vote and its last entry are intact, "
        + "and by that entry";

    /// <summary>Acknowledgements of a damaged member.</summary>
    public const string DamagedIsNotCounted = LeaderRules.DamagedIsNotCounted;

    /// <summary>The end of damage.</summary>
    public const string RepairCoversAll = LeaderRules.RepairCoversAll;

    /// <summary>Rest.</summary>
    public const string IdleGroupRests = LeaderRules.IdleGroupRests;

    /// <summary>The end of rest.</summary>
    public const string DoubtEndsRest = LeaderRules.DoubtEndsRest;

    /// <summary>Reads over full disks.</summary>
    public const string NoOpPassesFull =
        "Synod safety §7: a full follower takes the next entry if it is a no-op, which costs what "
        + "the vote before it costs: without it a new leader would never answer a read";

    /// <summary>Forwarding.</summary>
    public const string ForwardedOnce = LeaderRules.ForwardedOnce;

    /// <summary>Back-pressure.</summary>
    public const string UncommittedIsBounded = LeaderRules.UncommittedIsBounded;
}
