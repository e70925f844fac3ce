using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The logs of this repository keep what <see cref="Abstractions.ILog"/> promises.
/// SYNOD_SEEDS says how many seeds, SYNOD_SEED replays one.</summary>
public class LogConformanceTests
{
    private const int Seeds = 15;

    public static TheoryData<string> Names =>
        [.. LogConformance.Cases.Select(static each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    [Feature("C01")]
    public void The_file_log_on_a_simulated_disk_keeps(string promise) =>
        Keeps(static () => new SimulatedLogStorage(), promise, Seeds);

    [Theory]
    [MemberData(nameof(Names))]
    [Feature("C01")]
    public void The_file_log_in_a_directory_keeps(string promise) =>
        Keeps(static () => new DirectoryLogStorage(), promise, seeds: 2);

    [Theory]
    [MemberData(nameof(Names))]
    [Feature("C01")]
    public void The_log_in_memory_keeps(string promise) =>
        Keeps(static () => new MemoryLogStorage(), promise, Seeds);

    [Theory]
    [MemberData(nameof(Names))]
    [Feature("C01")]
    public void A_log_in_a_database_keeps(string promise) =>
        Keeps(static () => new SqliteLogStorage(), promise, seeds: 2);

    [Fact]
    [Feature("C01")]
    public void A_log_of_ones_own_is_tried_with_one_call()
    {
        // snippet: log-conformance
        LogConformanceReport report = LogConformance.Run(
            static () => new MemoryLogStorage(), firstSeed: 1, seeds: 20);
        Assert.True(report.IsKept, report.ToString());
        // end-snippet
        Assert.Equal(LogConformance.Cases.Count, report.Results.Count);
    }

    private static void Keeps(Func<LogStorage> create, string promise, int seeds)
    {
        LogCase tried = LogConformance.Case(promise);
        foreach (ulong seed in SeedsToRun.All((ulong)seeds))
        {
            LogCaseResult result = tried.Run(create, seed);
            Assert.SkipWhen(result.Outcome == LogCaseOutcome.Skipped, result.Detail);
            result.ThrowIfBroken();
        }
    }
}
