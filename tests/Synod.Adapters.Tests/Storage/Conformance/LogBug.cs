namespace Synod.Adapters.Tests.Storage;

/// <summary>What a log can get wrong.</summary>
public enum LogBug
{
    /// <summary>Appended counts as durable.</summary>
    DurableWhenAppended,

    /// <summary>Asked for counts as done.</summary>
    DurableWhenFlushIsAsked,

    /// <summary>A flush is taken to cover what came while it was under way.</summary>
    FlushCountsWhatCameMeanwhile,

    /// <summary>A second flush that is asked for during the first is forgotten.</summary>
    ForgetsFlushDuringFlush,

    /// <summary>Flushes go nowhere.</summary>
    FlushesNothing,

    /// <summary>The disk says that a flush has failed, and nobody listens.</summary>
    IgnoresFailedFlush,

    /// <summary>The disk says that a write has failed, and nobody listens.</summary>
    IgnoresFailedWrite,

    /// <summary>Records are taken after the poison, as if nothing was.</summary>
    AcceptsAfterPoison,

    /// <summary>The poison is forgotten after a while.</summary>
    ForgetsPoison,

    /// <summary>What an opening reads is not flushed anew.</summary>
    TrustsWhatItReads,

    /// <summary>One record in the middle is not shown.</summary>
    DropsOneAtOpening,

    /// <summary>Two records of a replica come in the wrong order.</summary>
    SwapsTwoAtOpening,

    /// <summary>A record is shown twice.</summary>
    ShowsOneTwice,

    /// <summary>The newest statement is shown with the body of the one before.</summary>
    ShowsOldStatement,

    /// <summary>Statements come back as ordinary records.</summary>
    ForgetsThatItIsAStatement,

    /// <summary>What damage has taken is not told.</summary>
    LosesSilently,

    /// <summary>Of what is damaged the list of damage says nothing.</summary>
    TellsNoDamage,

    /// <summary>A torn tail is called damage.</summary>
    CallsTornTailDamage,

    /// <summary>A damaged log is refused, always.</summary>
    RefusesDamage,

    /// <summary>There is one copy of each statement.</summary>
    KeepsStatementsOnce,

    /// <summary>Reads give the record before.</summary>
    ReadsAnother,

    /// <summary>Only the first part of a body is kept.</summary>
    ForgetsSecondPart,

    /// <summary>Nobody is woken.</summary>
    NeverWakes,

    /// <summary>The end comes without a sign.</summary>
    SaysNothingOfPressure,

    /// <summary>The pressure never ends.</summary>
    StaysUnderPressure,

    /// <summary>What is too large is cut.</summary>
    CutsLargeRecords,

    /// <summary>Durable goes back.</summary>
    DurableGoesBack,

    /// <summary>A second opening is let in.</summary>
    OpensTwice,

    /// <summary>More is released than was asked for.</summary>
    ReleasesTooMuch,

    /// <summary>Nothing is ever released.</summary>
    ReleasesNothing,

    /// <summary>A flush that is done moves Durable, polled for or not.</summary>
    MovesWithoutPoll,

    /// <summary>What is in memory is read with the bytes of the record before.</summary>
    TriesAnother,

    /// <summary>Loads bring the bytes of the record before.</summary>
    LoadsAnother,

    /// <summary>Loads bring bodies under the header of another record.</summary>
    LoadsWithoutHeaders,

    /// <summary>A load that is asked for during another one is forgotten.</summary>
    ForgetsLoads,

    /// <summary>A load is given back twice.</summary>
    LoadsTwice,

    /// <summary>A load fails when something that it has is released.</summary>
    FailsWhatIsReleased,

    /// <summary>A load brings what stands now where a released record was.</summary>
    LoadsWhatCameAfter,

    /// <summary>It wants to be polled at once, for ever.</summary>
    NeverRests,

    /// <summary>It wants to look for room again, and does not say when.</summary>
    SaysNotWhenToPoll,

    /// <summary>That a newer statement may be lost is not told.</summary>
    HidesStatements,

    /// <summary>Each loss is told as if it took the newest statement.</summary>
    CallsAllHidden,
}
