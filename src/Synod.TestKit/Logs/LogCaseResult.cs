namespace Synod.TestKit;

/// <summary>What a case has found.</summary>
/// <param name="Case">Its name.</param>
/// <param name="Seed">The seed that it was run with.</param>
/// <param name="Outcome">Whether the promise is kept.</param>
/// <param name="Detail">Why not, or why it was skipped; empty if it is kept.</param>
public sealed record LogCaseResult(
    string Case, ulong Seed, LogCaseOutcome Outcome, string Detail)
{
    /// <summary>What the log or the case has thrown.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Throws if the promise is broken.</summary>
    /// <exception cref="LogConformanceException">It is.</exception>
    public void ThrowIfBroken()
    {
        if (Outcome == LogCaseOutcome.Broken)
            throw new LogConformanceException(ToString(), Cause);
    }

    /// <summary>In one paragraph.</summary>
    public override string ToString() => Outcome switch
    {
        LogCaseOutcome.Kept => $"kept: {Case}",
        LogCaseOutcome.Skipped => $"skipped: {Case}: {Detail}",
        _ => $"broken with seed {Seed}: {Case}: {Detail}",
    };
}
