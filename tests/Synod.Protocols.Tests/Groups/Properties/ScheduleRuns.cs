namespace Synod.Protocols.Tests.Groups.Properties;

/// <summary>Runs random schedules of a protocol. SYNOD_SEEDS says how many seeds, SYNOD_SEED
/// replays one, SYNOD_TRACE how many lines of its trace are shown.</summary>
/// <param name="newSetup">Makes a group of a size.</param>
/// <param name="tests">The class of the tests, to be named in a replay.</param>
/// <param name="seeds">How many seeds, unless SYNOD_SEEDS says it.</param>
internal sealed class ScheduleRuns(
    Func<int, GroupLimits, GroupSetup> newSetup, Type tests, int seeds = 300)
{
    public void RunSeeds(bool damages)
    {
        long? single = NumberIn("SYNOD_SEED");
        long count = single is null ? NumberIn("SYNOD_SEEDS") ?? seeds : 1;

        long first = single ?? 1;
        Parallel.For(first, first + count, seed => RunSeed((ulong)seed, damages));
    }

    public void RunSeed(ulong seed, bool damages)
    {
        try
        {
            new GroupSchedule(newSetup, seed, trace: null, damages).Run();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Assert.Fail(Replay(seed, damages, failure));
        }
    }

    private string Replay(ulong seed, bool damages, Exception failure)
    {
        List<string> trace = [];
        Assert.ThrowsAny<Exception>(
            () => new GroupSchedule(newSetup, seed, trace, damages).Run());
        IEnumerable<string> end = trace.TakeLast((int)(NumberIn("SYNOD_TRACE") ?? 40));
        return $"seed {seed}: {failure.Message}\n{string.Join('\n', end)}\n"
            + $"replay: SYNOD_SEED={seed} dotnet test --project tests/Synod.Protocols.Tests"
            + $" --filter-class {tests.FullName}\n{failure.StackTrace}";
    }

    private static long? NumberIn(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), out long number)
            ? number
            : null;
}
