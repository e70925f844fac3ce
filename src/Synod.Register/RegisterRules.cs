namespace Synod.Register;

/// <summary>The rules of per-key Paxos that the code carries out and the tests show: paper, section
/// and one sentence.</summary>
public static class RegisterRules
{
    /// <summary>Well-formed frames.</summary>
    public const string FramesAreMessages =
        "a frame is a version and messages of this protocol to its end, and of ballots that the "
        + "sender can have";

    /// <summary>Promises.</summary>
    public const string PromiseIsMonotone =
        "Paxos Made Simple §2.2, P1a: an acceptor answers no ballot below the highest that it has "
        + "promised, and names that";

    /// <summary>Two ballots.</summary>
    public const string PromiseTellsVote =
        "Paxos Made Simple §2.2: a promise tells in which ballot the acceptor has accepted last, "
        + "and what";

    /// <summary>Phase 1.</summary>
    public const string HighestVoteIsState =
        "CASPaxos §2.2: the state that a ballot goes on from is that of the highest ballot in a "
        + "majority of promises, or none";

    /// <summary>One value.</summary>
    public const string OneStatePerBallot =
        "Paxos Made Simple §2.2: in a ballot of a key one state is proposed, by the member whose "
        + "ballot it is";

    /// <summary>Evaluation.</summary>
    public const string EvaluatedOncePerBallot =
        "Synod protocols §4.4: a command is run at most once in a ballot, on the state of that "
        + "ballot, and its last run is its result";

    /// <summary>Chosen.</summary>
    public const string ChosenInOneBallot =
        "Synod protocols §4.1: chosen is what a majority has accepted in the same ballot; the same "
        + "state in several ballots is not";

    /// <summary>Answers.</summary>
    public const string AnsweredWhenChosen =
        "Synod safety §6: nobody is answered before the state of the ballot is chosen, also where "
        + "the command changes nothing";

    /// <summary>One round.</summary>
    public const string AcceptPromisesNext =
        "CASPaxos §2.2.1: whoever accepts in a ballot promises its proposer the next one, so that "
        + "a proposer goes on without asking until somebody else is ahead";

    /// <summary>The first round.</summary>
    public const string FirstBallotIsOwned =
        "Synod protocols §4.1: in round 1 only the owner of a key proposes, without asking, once, "
        + "in the life that began the epoch";

    /// <summary>No ballot twice.</summary>
    public const string RoundsAreReserved =
        "Synod protocols §4.4: what is proposed leaves once its round is reserved on the disk, and "
        + "a later life begins above all that were";

    /// <summary>Durable before saying.</summary>
    public const string DurableBeforeAnswer =
        "Paxos Made Simple §2.5: a promise and a vote are on the disk before anybody is told, and "
        + "before they are counted";

    /// <summary>Asking is no answer.</summary>
    public const string AsksNeedNoVote =
        "Synod protocols §4.4: a proposer writes its own vote while it asks the others";

    /// <summary>Liveness.</summary>
    public const string RivalsGiveWay =
        "Paxos Made Simple §2.4: a proposer that a majority cannot follow any more waits for a "
        + "random time, longer each time, and begins a higher ballot";

    /// <summary>Other proposers.</summary>
    public const string BeginsAreFinished =
        "Synod protocols §4.2: what another has begun and not finished is finished by the next "
        + "ballot, of a command or of a read that cannot tell otherwise";

    /// <summary>Reads.</summary>
    public const string PassiveRead =
        "Synod protocols §4.2: a read asks a majority and changes nothing; the highest vote among "
        + "the answers is the state if it is known to be chosen or all of a majority hold it";

    /// <summary>Nothing there.</summary>
    public const string NothingIsAnAnswer =
        "Synod protocols §4.2: where a majority has accepted nothing, nothing is chosen";

    /// <summary>No answer from one.</summary>
    public const string MajorityAlways =
        "Synod protocols §4.2: that a state is known to be chosen saves a round and never the "
        + "majority that is asked";

    /// <summary>Reads that join.</summary>
    public const string ReadsJoinLaterBallots =
        "Synod protocols §4.2: a read that needs a ballot takes one that was begun after it";

    /// <summary>Catching up.</summary>
    public const string LaggingCompares =
        "Synod safety §6: a member that was away compares with each other what is known to be "
        + "chosen and asks for what it lacks; a vote that comes late is as good as any";

    /// <summary>Checkpoints.</summary>
    public const string TableIsItsNewestRecords =
        "Synod design §3: the newest record that says all of a key, with those after it, gives "
        + "back what the acceptor holds; what is older than that of every key is released, once "
        + "it is durable";

    /// <summary>Damage.</summary>
    public const string DamagedIsSilent =
        "Synod safety §7: who lost records does not know what it has promised, of any key; it "
        + "promises, accepts and answers nothing until it is admitted anew";

    /// <summary>Full disk.</summary>
    public const string FullIsSlow =
        "Synod safety §7: on a full disk new commands are refused; near the end of the reserve an "
        + "acceptor is silent";

    /// <summary>Known at once.</summary>
    public const string NoQuorumAtOnce =
        "Synod safety §6: with no majority left, what was never proposed is refused and the rest "
        + "may still happen";
}
