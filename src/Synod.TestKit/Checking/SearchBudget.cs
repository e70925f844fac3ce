namespace Synod.TestKit;

/// <summary>What is left of time and memory. Owned by one check.</summary>
internal sealed class SearchBudget(CheckOptions options)
{
    // Often enough for a few milliseconds, seldom enough to cost nothing.
    private const int StepsPerLook = 256;
    private const int ExplanationPart = 30;

    private readonly long _begin = options.Clock.GetTimestamp();
    private TimeSpan _limit = options.TimeBudget;
    private int _steps;
    private int _configurations;

    /// <summary>Which budget is spent; null while none is.</summary>
    public string? SpentReason { get; private set; }

    public TimeSpan Elapsed => options.Clock.GetElapsedTime(_begin);

    /// <summary>One more step of a search; says whether there may be no other.</summary>
    public bool IsSpent()
    {
        if (_steps++ % StepsPerLook == 0 && Elapsed >= _limit)
            SpentReason ??= $"the time budget of {_limit.TotalSeconds} s is spent";
        return SpentReason is not null;
    }

    public void CountConfiguration()
    {
        if (++_configurations > options.ConfigurationsMax)
            SpentReason ??= $"more than {options.ConfigurationsMax} configurations";
    }

    /// <summary>Goes on for an explanation, which is worth a little even when the time is
    /// over.</summary>
    public void AllowExplanation()
    {
        SpentReason = null;
        _steps = 0;
        _configurations = 0;
        _limit = Elapsed + (options.TimeBudget / ExplanationPart);
    }
}
