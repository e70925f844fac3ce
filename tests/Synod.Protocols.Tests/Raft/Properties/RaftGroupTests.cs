using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Properties;

/// <summary>Whole groups of real kernels under random schedules. SYNOD_SEEDS says how many seeds,
/// SYNOD_SEED replays one, SYNOD_TRACE how many lines of its trace are shown.</summary>
public class RaftGroupTests
{
    private const int SeedsByDefault = 300;

    [Fact]
    [Rule(RaftRules.ElectionSafety)]
    [Rule(RaftRules.LogMatching)]
    [Rule(RaftRules.CommittedStays)]
    public void A_group_keeps_every_promise_under_any_schedule() => RunSeeds(damages: false);

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.RepairCoversAll)]
    [Rule(RaftRules.DamagedIsNotCounted)]
    [Rule(RaftRules.DamagedVotesByWhatItHad)]
    public void A_group_keeps_every_promise_with_any_number_of_damaged_disks() =>
        RunSeeds(damages: true);

    // A number of a damage went down, and the member was not heard any more.
    [Theory]
    [InlineData(681)]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void A_group_with_damaged_disks_serves_again(ulong seed) => RunSeed(seed, damages: true);

    private static void RunSeeds(bool damages)
    {
        long? single = NumberIn("SYNOD_SEED");
        long count = single is null ? NumberIn("SYNOD_SEEDS") ?? SeedsByDefault : 1;

        long first = single ?? 1;
        Parallel.For(first, first + count, seed => RunSeed((ulong)seed, damages));
    }

    private static void RunSeed(ulong seed, bool damages)
    {
        try
        {
            new RaftSchedule(seed, trace: null, damages).Run();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Assert.Fail(Replay(seed, damages, failure));
        }
    }

    private static string Replay(ulong seed, bool damages, Exception failure)
    {
        List<string> trace = [];
        Assert.ThrowsAny<Exception>(() => new RaftSchedule(seed, trace, damages).Run());
        IEnumerable<string> end = trace.TakeLast((int)(NumberIn("SYNOD_TRACE") ?? 40));
        return $"seed {seed}: {failure.Message}\n{string.Join('\n', end)}\n"
            + $"replay: SYNOD_SEED={seed} dotnet test --project tests/Synod.Protocols.Tests"
            + $" --filter-class {typeof(RaftGroupTests).FullName}\n{failure.StackTrace}";
    }

    private static long? NumberIn(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), out long number)
            ? number
            : null;
}
