namespace Synod.Kernel;

/// <summary>The rules that protocols with a leader have in common: paper, section and one sentence.
/// "Raft" is the extended paper of Ongaro and Ousterhout, "Thesis" Ongaro's.</summary>
public static class LeaderRules
{
    /// <summary>What an answer proves.</summary>
    public const string AcceptProvesItsEntries =
        "Raft §5.3: an answer acknowledges the entries of its request, durable, and no others";

    /// <summary>Hints.</summary>
    public const string ConflictHints =
        "Raft §5.3: a refusal carries a hint by which the leader skips whole terms";

    /// <summary>What was lost unnoticed.</summary>
    public const string LostIsSentAgain =
        "Raft §5.3: a follower that does not have what it acknowledged is sent it again";

    /// <summary>Pipelining.</summary>
    public const string Pipelining =
        "Thesis §10.2.1: a leader sends on without waiting for answers, in a bounded window, "
        + "and falls back to one probe at a time after a refusal";

    /// <summary>Read index.</summary>
    public const string ReadIndex =
        "Thesis §6.4: a read waits for a commit in the leader's term and for a majority that "
        + "answers a round sent after the read arrived";

    /// <summary>Reads at followers.</summary>
    public const string FollowerReads =
        "Thesis §6.4: a follower asks the leader for its read index, once for all reads that wait, "
        + "and answers them when it has applied that far";

    /// <summary>Reads end.</summary>
    public const string ReadsAreBounded =
        "Synod protocols §3.1: reads that wait are bounded in number and in time, and each ends "
        + "exactly once";

    /// <summary>Questions.</summary>
    public const string QuestionsRestOnNothing =
        "Thesis §6.4: who asks for a read index promises nothing, and a leader's answer names what "
        + "is committed, so both overtake what is being flushed";

    /// <summary>Lease reads.</summary>
    public const string LeaseRead =
        "Thesis §6.4.1: a leader answers reads at once while what a majority promised, counted "
        + "from when it asked, cannot have run out by any clock within the stated drift";

    /// <summary>Promises.</summary>
    public const string LeasePromise =
        "Thesis §6.4.1: a member that has heard the leader grants nobody a vote or a pre-vote and "
        + "does not campaign before its promise has run out, by its own clock";

    /// <summary>Promises and restarts.</summary>
    public const string PromiseOutlivesRestart =
        "Synod protocols §3.1: a restarted member does not know what it promised, and waits one "
        + "whole promise from its start";

    /// <summary>Randomised timeouts.</summary>
    public const string RandomTimeouts =
        "Raft §5.2: election timeouts are random, so that split votes are rare and end";

    /// <summary>Disruptive servers.</summary>
    public const string LeaderIsHeard =
        "Thesis §4.2.3: a server that hears a leader grants no vote until an election timeout "
        + "has passed or its own connection to that leader is down";

    /// <summary>Check-quorum.</summary>
    public const string CheckQuorum =
        "Thesis §6.2: a leader that no majority answers within an election timeout steps down";

    /// <summary>Leadership transfer.</summary>
    public const string LeadershipTransfer =
        "Thesis §3.10: to hand over, a leader takes no more commands, brings the target up to its "
        + "own log and asks it to campaign at once, whoever hears the leader";

    /// <summary>A transfer ends.</summary>
    public const string TransferEnds =
        "Thesis §3.10: a transfer that has not succeeded within an election timeout is given up, "
        + "and the leader serves on";

    /// <summary>What is over stays over.</summary>
    public const string TransferIsOver =
        "Synod protocols §3.1: who was asked to campaign for a transfer that is over must not, and "
        + "nobody who knows that votes for it";

    /// <summary>A transfer voids the lease.</summary>
    public const string TransferVoidsLease =
        "Synod protocols §3.1: a leader voids its lease before it asks another to campaign, for "
        + "the rest of its term";

    /// <summary>Slow disks.</summary>
    public const string SlowDiskHandsOver =
        "Synod safety §7: a leader whose oldest own unflushed record is older than an election "
        + "timeout, while a majority has acknowledged it, hands over";

    /// <summary>Broken connections are news.</summary>
    public const string BrokenConnectionIsNews =
        "Synod design §9: a broken connection to the leader ends the own waiting, nobody else's";

    /// <summary>Hopeless elections.</summary>
    public const string HopelessElectionEnds =
        "Synod design §9: an election that no reachable majority can win any more ends at once";

    /// <summary>What a damaged member must not do.</summary>
    public const string DamagedIsSilent =
        "Synod safety §7: a damaged member says so durably first, and never campaigns";

    /// <summary>Acknowledgements of a damaged member.</summary>
    public const string DamagedIsNotCounted =
        "Synod safety §7: what a damaged member accepts is no acknowledgement; its answer resets "
        + "what the leader counts, and older answers are void";

    /// <summary>The end of damage.</summary>
    public const string RepairCoversAll =
        "Synod safety §7: a damaged member is whole when it durably has all that a leader had who "
        + "knew of the damage";

    /// <summary>Rest.</summary>
    public const string IdleGroupRests =
        "Synod design §9: a leader whose log is committed and held by all whom it reaches says so "
        + "and falls silent; who holds just that log waits for it no longer";

    /// <summary>The end of rest.</summary>
    public const string DoubtEndsRest =
        "Synod design §9: in a group that rests, a candidate, a request, a connection that comes "
        + "or goes makes the leader speak, and who doubts it waits for that like at any time";

    /// <summary>Former leaders.</summary>
    public const string CandidateLeadsNoLonger =
        "Raft §5.2: a leader that asks for votes in a later term leads no longer; who rests under "
        + "it hears no leader";

    /// <summary>Disk full.</summary>
    public const string StorageReserve =
        "Synod safety §7: in the reserve no new commands; votes and terms go on";

    /// <summary>Forwarding.</summary>
    public const string ForwardedOnce =
        "Synod protocols §3.1: a forwarded command is sent once and appended at most once; its "
        + "loss is unknown, and only the leader of the term says that it never happens";

    /// <summary>Back-pressure.</summary>
    public const string UncommittedIsBounded =
        "Synod protocols §3.1: uncommitted bytes are bounded; beyond, commands are refused";
}
