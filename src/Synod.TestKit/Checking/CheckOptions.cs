namespace Synod.TestKit;

/// <summary>How much a check may cost.</summary>
public sealed record CheckOptions
{
    /// <summary>How long it may take before it says that it does not know. 30 seconds unless said
    /// otherwise; the explanation of a violation may take a thirtieth more.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many configurations it may remember, of some 100 bytes each, before it says
    /// that it does not know.</summary>
    public int ConfigurationsMax { get; init; } = 3_000_000;

    /// <summary>The clock of the time budget.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
