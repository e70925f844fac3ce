namespace Synod.Hosting;

/// <summary>How the waiting for other members has ended.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>They were there together.</summary>
    public sealed record Reached : StartOutcome;

    /// <summary>The time is over; says what each group lacked at last. The node serves
    /// on.</summary>
    public sealed record TimedOut(string Lacking) : StartOutcome;

    /// <summary>The node has stopped meanwhile.</summary>
    public sealed record Stopped : StartOutcome;
}
