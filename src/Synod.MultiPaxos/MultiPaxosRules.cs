using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>The rules of Multi-Paxos that the code carries out and the tests show: paper, section
/// and one sentence. What a stable leader has in common with that of Raft is cited
/// there.</summary>
public static class MultiPaxosRules
{
    /// <summary>Well-formed frames.</summary>
    public const string FramesAreMessages =
        "a frame is a message of this protocol and version";

    /// <summary>Promises only grow.</summary>
    public const string PromisesGrow =
        "Paxos Made Simple §2.2: an acceptor promises a ballot only if it is above every one "
        + "that it has promised, for all slots at once";

    /// <summary>What a promise says.</summary>
    public const string PromiseReportsAll =
        "Paxos Made Simple §2.2: with its promise an acceptor tells the highest proposal of "
        + "every slot that it has accepted, in pages that are all of the same promise";

    /// <summary>Winning phase 1.</summary>
    public const string MajorityElects =
        "Paxos Made Simple §2.2: a proposer that has the whole promises of a majority may "
        + "propose in its ballot";

    /// <summary>The value to propose.</summary>
    public const string HighestBallotWins =
        "Paxos Made Simple §2.2: a proposer proposes for a slot the value of the highest "
        + "ballot that any promise of its majority tells of";

    /// <summary>Holes.</summary>
    public const string HolesAreFilled =
        "Paxos Made Simple §3: a new leader fills the slots below the highest one that it was "
        + "told of, and of which nobody told it, with no-ops";

    /// <summary>Accepting.</summary>
    public const string AcceptUnlessPromised =
        "Paxos Made Simple §2.2: an acceptor accepts a proposal unless it has promised a "
        + "higher ballot, and then names that";

    /// <summary>One value.</summary>
    public const string OneValuePerBallot =
        "Paxos Made Simple §2.2: in a ballot one value at most is proposed for a slot, by the "
        + "proposer whose ballot it is";

    /// <summary>Names of values.</summary>
    public const string OriginNamesValue =
        "Paxos Made Simple §2.2, one value in a ballot: the ballot in which a value was first "
        + "proposed for a slot names it in all later ones, and who has it accepts it by name";

    /// <summary>No ballot twice.</summary>
    public const string RestartMeansNewBallot =
        "Synod protocols §2.3(6): a proposer that restarts never goes on in its old ballot";

    /// <summary>Chosen.</summary>
    public const string MajorityChooses =
        "Paxos Made Simple §2.2: a value is chosen when a majority has accepted it in one and "
        + "the same ballot";

    /// <summary>Agreement.</summary>
    public const string ChosenStays =
        "Paxos Made Simple §2.1: only one value is ever chosen for a slot, and every higher "
        + "proposal has it";

    /// <summary>The chosen-index trap.</summary>
    public const string OwnBallotIsChosen =
        "Synod protocols §2.3(7): a follower takes a slot for chosen by the leader's index "
        + "only if it has accepted it in the ballot of that leader; else it must learn the "
        + "value";

    /// <summary>Learning.</summary>
    public const string LearnedFromAny =
        "Paxos Made Simple §2.3: a learner that lacks what is chosen asks another one; what "
        + "is chosen is chosen whoever tells it";

    /// <summary>Delivery.</summary>
    public const string AppliedInOrder =
        "Paxos Made Simple §3: every chosen command is applied once, in the order of the "
        + "slots";

    /// <summary>The window.</summary>
    public const string SlotsAheadAreBounded =
        "Paxos Made Simple §3: a leader proposes at most α slots beyond what it knows to be "
        + "chosen";

    /// <summary>Durability.</summary>
    public const string DurableBeforeAnswer =
        "Paxos Made Simple §2.5: promises and accepted proposals are on stable storage before "
        + "the answer that rests on them";

    /// <summary>Parallel write.</summary>
    public const string LeaderWritesInParallel =
        "Synod protocols §2.3(5): a leader may send proposals before its own disk holds them, "
        + "and counts itself only when it does";

    /// <summary>A fresh leader.</summary>
    public const string FreshLeader =
        "Synod protocols §2.3(8): a new leader answers no read before every slot that phase 1 "
        + "told it of is chosen";

    /// <summary>Probing.</summary>
    public const string ProbeBeforeBallot =
        "Synod protocols §2.3(9): a member raises its ballot only when a majority would "
        + "promise it";

    /// <summary>Candidates whose disk is full.</summary>
    public const string FullGivesWay =
        "Synod safety §7: a candidate whose disk is full leaves it to others to learn what it "
        + "lacks, and learns it itself only when none of them leads";

    /// <summary>Acceptors whose disk is full.</summary>
    public const string FullTakesLittle =
        "Synod safety §7: of what a new leader proposes again a full disk takes what it has by "
        + "name, and little else, so that reads go on";

    /// <summary>A leader among full disks.</summary>
    public const string FullIsNotOverrun =
        "Synod safety §7: while nothing new can be chosen without members whose disks are full, "
        + "a leader proposes one slot beyond what is chosen and refuses more";

    /// <summary>Refusals.</summary>
    public const string NackNamesBallot =
        "Synod protocols §2.3(9): who refuses a ballot names the one that it has promised, so "
        + "that the next is above it";

    /// <summary>Damaged promises.</summary>
    public const string UnknownIsNotNothing =
        "Synod safety §7: a damaged acceptor does not know what it has accepted, so its "
        + "promise completes no phase 1, and another is asked";

    /// <summary>How far damage reaches.</summary>
    public const string DamageForgets =
        "Synod safety §7: behind lost records nothing is certain but what was marked as "
        + "chosen before them";

    /// <summary>Pipelining.</summary>
    public const string Pipelining = LeaderRules.Pipelining;

    /// <summary>Read index.</summary>
    public const string ReadIndex = LeaderRules.ReadIndex;

    /// <summary>Reads at followers.</summary>
    public const string FollowerReads = LeaderRules.FollowerReads;

    /// <summary>Lease reads.</summary>
    public const string LeaseRead = LeaderRules.LeaseRead;

    /// <summary>Promises.</summary>
    public const string LeasePromise = LeaderRules.LeasePromise;

    /// <summary>Promises and restarts.</summary>
    public const string PromiseOutlivesRestart = LeaderRules.PromiseOutlivesRestart;

    /// <summary>Randomised timeouts.</summary>
    public const string RandomTimeouts = LeaderRules.RandomTimeouts;

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

    /// <summary>What a damaged member must not do.</summary>
    public const string DamagedIsSilent = LeaderRules.DamagedIsSilent;

    /// <summary>Acknowledgements of a damaged member.</summary>
    public const string DamagedIsNotCounted = LeaderRules.DamagedIsNotCounted;

    /// <summary>The end of damage.</summary>
    public const string RepairCoversAll = LeaderRules.RepairCoversAll;

    /// <summary>Rest.</summary>
    public const string IdleGroupRests = LeaderRules.IdleGroupRests;

    /// <summary>The end of rest.</summary>
    public const string DoubtEndsRest = LeaderRules.DoubtEndsRest;

    /// <summary>Disk full.</summary>
    public const string StorageReserve = LeaderRules.StorageReserve;

    /// <summary>Forwarding.</summary>
    public const string ForwardedOnce = LeaderRules.ForwardedOnce;
}
