using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>One promise of <see cref="Abstractions.ILog"/>, and how it is put to the test. Safe
/// for use from several threads.</summary>
public sealed class LogCase
{
    private readonly Action<LogRun> _run;

    internal LogCase(string name, LogAbilities needs, Action<LogRun> run)
    {
        Name = name;
        Needs = needs;
        _run = run;
    }

    /// <summary>The promise, as a sentence.</summary>
    public string Name { get; }

    /// <summary>What the storage must be able to do.</summary>
    public LogAbilities Needs { get; }

    /// <summary>Tries it once.</summary>
    /// <param name="create">Makes an empty storage, which is disposed of afterwards.</param>
    /// <param name="seed">What is done, and when: equal seeds do the same.</param>
    public LogCaseResult Run(Func<LogStorage> create, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(create);
        using LogRun run = new(create, new SeededRandom(seed));
        LogAbilities lacking = Needs & ~run.Storage.Abilities;
        if (lacking != LogAbilities.None)
        {
            return new LogCaseResult(
                Name, seed, LogCaseOutcome.Skipped, $"the storage cannot do {lacking}");
        }

        try
        {
            _run(run);
            return new LogCaseResult(Name, seed, LogCaseOutcome.Kept, "");
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            string what = cause is LogConformanceException
                ? cause.Message
                : $"{cause.GetType().Name}: {cause.Message}";
            return new LogCaseResult(
                Name, seed, LogCaseOutcome.Broken, $"{what}\n{run.Steps}")
            {
                Cause = cause,
            };
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
