namespace Synod.Adapters.Tests.Storage;

/// <summary>The seeds of a random test: SYNOD_SEEDS says how many, SYNOD_SEED replays one.
/// </summary>
internal static class SeedsToRun
{
    /// <summary>Whether one seed alone is replayed.</summary>
    public static bool IsReplay => NumberIn("SYNOD_SEED") is not null;

    public static IEnumerable<ulong> All(ulong byDefault)
    {
        ulong? only = NumberIn("SYNOD_SEED");
        ulong last = only ?? NumberIn("SYNOD_SEEDS") ?? byDefault;
        for (ulong seed = only ?? 1; seed <= last; seed++)
            yield return seed;
    }

    private static ulong? NumberIn(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), out ulong number)
            ? number
            : null;
}
