using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The suite has teeth: each of these bugs is found, and by the case that is there for
/// it.</summary>
public class BrokenLogTests
{
    private const int Seeds = 5;

    public static TheoryData<LogBug, string> Bugs => new()
    {
        { LogBug.DurableWhenAppended, "Only a poll makes durable" },
        { LogBug.DurableWhenFlushIsAsked, "Only a poll makes durable" },
        { LogBug.MovesWithoutPoll, "Only a poll makes durable" },
        { LogBug.DurableGoesBack, "Only a poll makes durable" },
        { LogBug.NeverWakes, "Only a poll makes durable" },
        { LogBug.ForgetsFlushDuringFlush, "A flush is followed" },
        { LogBug.FlushCountsWhatCameMeanwhile, "What was durable outlives a loss of power" },
        { LogBug.FlushesNothing, "What was durable outlives a loss of power" },
        { LogBug.CallsTornTailDamage, "What was durable outlives a loss of power" },
        { LogBug.TrustsWhatItReads, "What an opening has shown is durable" },
        { LogBug.TrustsWhatItReads, "What is read after a failed flush" },
        { LogBug.DropsOneAtOpening, "A log that is opened again" },
        { LogBug.SwapsTwoAtOpening, "A log that is opened again" },
        { LogBug.ShowsOneTwice, "A log that is opened again" },
        { LogBug.ShowsOldStatement, "The newest statement" },
        { LogBug.ForgetsThatItIsAStatement, "The newest statement" },
        { LogBug.IgnoresFailedFlush, "The first flush that fails" },
        { LogBug.IgnoresFailedWrite, "The first write that fails" },
        { LogBug.AcceptsAfterPoison, "The first flush that fails" },
        { LogBug.ForgetsPoison, "The first flush that fails" },
        { LogBug.LosesSilently, "Damage is told" },
        { LogBug.TellsNoDamage, "Damage is told" },
        { LogBug.RefusesDamage, "Damage is told" },
        { LogBug.KeepsStatementsOnce, "Damage is told" },
        { LogBug.ReadsAnother, "Records are read and shown" },
        { LogBug.ForgetsSecondPart, "Records are read and shown" },
        { LogBug.CutsLargeRecords, "What is too large" },
        { LogBug.SaysNothingOfPressure, "A log that fills up" },
        { LogBug.StaysUnderPressure, "Service resumes" },
        { LogBug.OpensTwice, "Who opens second" },
        { LogBug.ReleasesTooMuch, "What is released goes, and all that is needed outlives" },
        { LogBug.ReleasesNothing, "What is released goes, and all that is needed stays" },
        { LogBug.TriesAnother, "Records are read and shown" },
        { LogBug.LoadsAnother, "What is loaded is as it was appended" },
        { LogBug.LoadsWithoutHeaders, "What is loaded is as it was appended" },
        { LogBug.ForgetsLoads, "What is loaded is as it was appended" },
        { LogBug.LoadsTwice, "What is loaded is as it was appended" },
        { LogBug.FailsWhatIsReleased, "What is released while it is loaded" },
        { LogBug.LoadsWhatCameAfter, "What is released while it is loaded" },
        { LogBug.NeverRests, "A log that has nothing to do" },
        { LogBug.SaysNotWhenToPoll, "Service resumes" },
        { LogBug.HidesStatements, "A loss says whether a statement" },
        { LogBug.CallsAllHidden, "Damage is told" },
    };

    [Theory]
    [MemberData(nameof(Bugs))]
    [Feature("C01")]
    public void A_log_that_is_broken_is_found_out(LogBug bug, string promise)
    {
        LogCase tried = LogConformance.Cases.Single(
            each => each.Name.StartsWith(promise, StringComparison.Ordinal));

        LogCaseResult[] results =
        [
            .. Enumerable.Range(1, Seeds).Select(
                seed => tried.Run(() => new BrokenLogStorage(bug), (ulong)seed)),
        ];

        LogCaseResult? found = Array.Find(
            results, static result => result.Outcome == LogCaseOutcome.Broken);
        Assert.True(found is not null, $"{Seeds} seeds have not found {bug}.");
        Assert.Contains($"broken with seed {found.Seed}: {promise}", found.ToString());
        LogConformanceException told =
            Assert.Throws<LogConformanceException>(found.ThrowIfBroken);
        Assert.Contains("What was done last:", told.Message);
        TestContext.Current.TestOutputHelper?.WriteLine(told.Message);
    }

    [Fact]
    [Feature("C01")]
    public void Every_bug_is_looked_for() => Assert.Equal(
        Enum.GetValues<LogBug>(), Bugs.Select(static row => row.Data.Item1).Distinct().Order());

    [Fact]
    [Feature("C01")]
    public void The_report_counts_what_was_kept_skipped_and_broken()
    {
        LogConformanceReport report =
            LogConformance.Run(static () => new BrokenLogStorage(LogBug.ReadsAnother), 1, 1);
        LogConformanceReport good =
            LogConformance.Run(static () => new MemoryLogStorage(), seeds: 1);

        Assert.False(report.IsKept);
        Assert.Contains("broken with seed 1: Records are read", report.ToString());
        Assert.True(good.IsKept);
        Assert.Equal(LogConformance.Cases.Count, good.Results.Count);
        Assert.EndsWith("11 kept, 14 skipped, 0 broken", good.ToString());
    }
}
