namespace Synod.EPaxos;

/// <summary>The rules of EPaxos that the code carries out and the tests show: paper, section and
/// one sentence. B1 to B13 are the known defects of other EPaxos that a rule keeps away
/// (docs/protocols/ epaxos.md).</summary>
public static class EPaxosRules
{
    /// <summary>Well-formed frames.</summary>
    public const string FramesAreMessages =
        "a frame is a message of this protocol and version, and of instances that can exist";

    /// <summary>Who proposes.</summary>
    public const string OwnerProposes =
        "EPaxos* §3: in ballot 0 only the owner of an instance proposes, and it answers to "
        + "nobody else";

    /// <summary>Pre-accepting once.</summary>
    public const string PreAcceptOnce =
        "EPaxos* §3: a member pre-accepts an instance that it has no vote and no promise for, "
        + "with all conflicts that it knows; asked again it says the same";

    /// <summary>Fast path.</summary>
    public const string FastQuorum =
        "EPaxos* §3: an owner commits at once when n − e members, itself included, knew no "
        + "conflict that it did not know (B3)";

    /// <summary>Slow path.</summary>
    public const string SlowPath =
        "EPaxos* §3: otherwise it proposes in ballot 0 what n − f members knew together, and "
        + "never another set";

    /// <summary>Slow quorum.</summary>
    public const string SlowQuorum =
        "EPaxos* §3: what n − f members have accepted in one ballot is decided";

    /// <summary>Accepting.</summary>
    public const string AcceptUnlessPromised =
        "EPaxos* §3: a member accepts in a ballot unless it has promised a higher one, and then "
        + "names that";

    /// <summary>Two ballots.</summary>
    public const string PromiseKeepsVote =
        "EPaxos* §4: a promise raises bal and leaves abal; a report tells in which ballot the "
        + "value was accepted (B1)";

    /// <summary>One value.</summary>
    public const string OneValuePerBallot =
        "EPaxos* §4: in a ballot of an instance one value and one set of dependencies is "
        + "proposed, by the member whose ballot it is";

    /// <summary>No ballot twice.</summary>
    public const string RestartMeansNewBallot =
        "Synod protocols §1.7: who restarts goes on in no ballot of before, also not in ballot 0 "
        + "of its own instances";

    /// <summary>Stale attempts.</summary>
    public const string StaleAttemptsEnd =
        "Synod protocols §1.5, G2: an answer counts only while the instance is undecided and its "
        + "ballot is the highest promised here";

    /// <summary>Commit at any ballot.</summary>
    public const string CommitAtAnyBallot =
        "Synod protocols §1.5, G1: a decision is taken at any ballot, and raises the promised one "
        + "(B4)";

    /// <summary>The same, in the state.</summary>
    public const string CommitRaisesBallot =
        "Synod protocols §1.5, G1: bal becomes max(bal, b)";

    /// <summary>Committed is absorbing.</summary>
    public const string CommittedStays =
        "Synod protocols §1.5, G3 to G5: what is decided is never changed, whoever asks about it "
        + "is told it, and nobody recovers it";

    /// <summary>Durable before saying.</summary>
    public const string DurableBeforeAnswer =
        "Synod protocols §1.7: a vote, a promise and a validation are on the disk before anybody "
        + "is told, and before they are counted (B8)";

    /// <summary>Rule C.</summary>
    public const string CommitIsDurable =
        "Synod protocols §1.7, C: a decision is on the disk before it is told, answered or "
        + "executed (B9)";

    /// <summary>Beside the own record.</summary>
    public const string OwnerWritesInParallel =
        "Synod protocols §1.7: the first proposal leaves beside its record, once its slot is "
        + "reserved";

    /// <summary>Proposals need no record.</summary>
    public const string ProposalsNeedNoRecord =
        "Synod protocols §1.7: an accept message rests on nothing but the promise of its ballot";

    /// <summary>Slots.</summary>
    public const string SlotsAreReserved =
        "Synod protocols §1.7: no slot is used twice; those that may have been used before a "
        + "restart are recovered";

    /// <summary>Index.</summary>
    public const string IndexedWithThePayload =
        "Synod protocols §1.4: a command is among the conflicts from the step on in which it is "
        + "recorded, whatever recorded it";

    /// <summary>Undecided no-ops.</summary>
    public const string UndecidedNoOpConflicts =
        "Synod protocols §1.8(8): an undecided no-op of which the command is not known conflicts "
        + "with everything";

    /// <summary>Recovery.</summary>
    public const string RecoveryChooses =
        "EPaxos* §4: of n − f reports a committed one is committed, else the value of the highest "
        + "abal is proposed (B5, B6)";

    /// <summary>The owner answers.</summary>
    public const string OwnerInQuorum =
        "EPaxos* §4: if the owner has promised and voted for nothing else, nothing was decided, "
        + "and a no-op is proposed";

    /// <summary>No fast path.</summary>
    public const string FastPathImpossible =
        "EPaxos* §4: if fewer than |Q| − e of the quorum knew no more conflicts than the owner, "
        + "the owner cannot have committed at once, and a no-op is proposed";

    /// <summary>Validate.</summary>
    public const string ValidateIsNoVote =
        "EPaxos* §4: a validation records the command and its first dependencies, changes neither "
        + "phase nor dependencies, and tells what conflicts and is uncovered (B2)";

    /// <summary>Step 4.</summary>
    public const string ValidationChooses =
        "EPaxos* §4: with the answers of the whole quorum, nothing uncovered confirms the "
        + "command, and something decided, or at the bound something of an owner outside, a no-op";

    /// <summary>Step 5.</summary>
    public const string WaitingEndsCycles =
        "EPaxos* §4: else it waits until what is uncovered is decided, or waits itself with more "
        + "than n − f − e, or somebody outside the quorum answers (B2)";

    /// <summary>Who recovers.</summary>
    public const string DesignatedRecoverer =
        "EPaxos* §4: the owner recovers its instances while it is connected, else the first "
        + "member that is";

    /// <summary>Back-off.</summary>
    public const string RefusedBacksOff =
        "Synod protocols §1.5b: who is refused waits for a random time, longer each time";

    /// <summary>What is missing.</summary>
    public const string MissingIsAskedFor =
        "Synod protocols §1.5b: what something waits for is waited for, then asked for, then "
        + "recovered";

    /// <summary>Executor.</summary>
    public const string ExecutionNeverBlocks =
        "Synod protocols §1.5c: a search that meets something undecided ends, and goes on when it "
        + "is decided; what a command depends on is executed before it (B10, B11)";

    /// <summary>Cycles.</summary>
    public const string CyclesByOwnerAndSlot =
        "Synod protocols §1.5c: commands that depend on each other are executed by owner and "
        + "slot";

    /// <summary>Answers.</summary>
    public const string AnswerAfterExecution =
        "Synod protocols §1.6: a client is answered when its command is executed where it was "
        + "taken (B12)";

    /// <summary>Proposing again.</summary>
    public const string NoOpIsProposedAgain =
        "Synod protocols §1.6: what was recovered as nothing its owner proposes again, in another "
        + "instance";

    /// <summary>Window.</summary>
    public const string KeyWindow =
        "Synod protocols §1.12: an owner has a bounded number of unexecuted instances on a key";

    /// <summary>Batches.</summary>
    public const string BatchesRespectKeys =
        "Synod protocols §1.12: commands share an instance unless others use their keys at the "
        + "same time; then only with those on the same keys (B13)";

    /// <summary>Batches.</summary>
    public const string BatchRunsWhole =
        "Synod protocols §1.12: all commands of an instance run in their order, and nothing in "
        + "between";

    /// <summary>Thrifty.</summary>
    public const string Thrifty =
        "Synod protocols §1.12: a thrifty owner asks a quorum first and all others when it does "
        + "not answer; for a while it does without whoever did not";

    /// <summary>Gather.</summary>
    public const string GatherRead =
        "Synod protocols §1.6: a read of one key runs when all is executed that conflicts with it "
        + "at n − f members";

    /// <summary>Catching up.</summary>
    public const string AllComeToKnow =
        "Synod protocols §1.10: members compare what they know of what is decided until they know "
        + "the same, and who lags asks for it";

    /// <summary>No quorum.</summary>
    public const string NoQuorumAtOnce =
        "Synod safety §6: where more members are down than are tolerated, that is said at once";

    /// <summary>Full disks.</summary>
    public const string StorageReserve =
        "Synod safety §7: a full disk takes no commands, and goes on with what needs none";

    /// <summary>Damage.</summary>
    public const string DamagedIsSilent =
        "Synod safety §7: who may have forgotten a vote or a promise votes for nothing, promises "
        + "nothing and proposes nothing, and takes in what is decided";

    /// <summary>What may be forgotten.</summary>
    public const string TruncatedBehindSnapshots =
        "Synod protocols §1.9: what is executed in the durable snapshots of n − f members, its own "
        + "among them, a member may forget, but not what conflicts with it";

    /// <summary>What is said of it.</summary>
    public const string TruncatedIsSaid =
        "Synod protocols §1.5b, 1: asked about what it has truncated a member says so, and up to "
        + "where, and never that it does not know it; who hears it does not recover it (I11)";

    /// <summary>The end of damage.</summary>
    public const string RepairCoversAll =
        "Synod safety §7: who has lost records has a voice again when it knows, durably, what is "
        + "decided in every slot that its owner had used when it was asked; of no other slot can "
        + "it have forgotten anything";
}
