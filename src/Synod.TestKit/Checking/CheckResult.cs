namespace Synod.TestKit;

/// <summary>What a check has found. Immutable; safe for use from several threads.</summary>
public abstract record CheckResult
{
    private CheckResult()
    {
    }

    /// <summary>How many operations were checked.</summary>
    public required int Operations { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>One order, which respects real time, explains every answer.</summary>
    public sealed record Linearizable : CheckResult;

    /// <summary>No order explains every answer.</summary>
    public sealed record NotLinearizable(Violation Violation) : CheckResult;

    /// <summary>The budget was spent before either was certain; says which one.</summary>
    public sealed record Undecided(string Reason) : CheckResult;
}
