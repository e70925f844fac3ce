namespace Synod.TestKit;

/// <summary>The promises of <see cref="Abstractions.ILog"/> as cases, for whoever writes a log of
/// their own. They kill, tear, damage and fail it as far as its storage lets them, and belong to no
/// test framework.</summary>
public static class LogConformance
{
    /// <summary>All cases, in a fixed order. Later releases may have more.</summary>
    public static IReadOnlyList<LogCase> Cases { get; } =
    [
        .. LogCases.OfAppending,
        .. LogCases.OfDurability,
        .. LogCases.OfReopening,
        .. LogCases.OfFaults,
        .. LogCases.OfDamage,
        .. LogCases.OfRoom,
        .. LogCases.OfReleasing,
        .. LogCases.OfLoading,
    ];

    /// <summary>The case of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static LogCase Case(string name) =>
        Cases.FirstOrDefault(each => each.Name == name)
        ?? throw new ArgumentException($"There is no case '{name}'.", nameof(name));

    /// <summary>Runs every case, each with a row of seeds up to the first one that finds it
    /// broken.</summary>
    /// <param name="create">Makes an empty storage, which is disposed of afterwards.</param>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="seeds">How many, at least one.</param>
    public static LogConformanceReport Run(
        Func<LogStorage> create, ulong firstSeed = 1, int seeds = 20)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        return new LogConformanceReport(
            [.. Cases.Select(each => Run(each, create, firstSeed, seeds))]);
    }

    private static LogCaseResult Run(
        LogCase tried, Func<LogStorage> create, ulong firstSeed, int seeds)
    {
        LogCaseResult result = tried.Run(create, firstSeed);
        for (int more = 1; more < seeds && result.Outcome == LogCaseOutcome.Kept; more++)
            result = tried.Run(create, firstSeed + (ulong)more);
        return result;
    }
}
