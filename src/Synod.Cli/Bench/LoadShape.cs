namespace Synod.Cli.Bench;

/// <summary>How a target is loaded.</summary>
internal sealed record LoadShape
{
    /// <summary>How many clients there are.</summary>
    public required int Clients { get; init; }

    /// <summary>How many of a hundred calls read.</summary>
    public int ReadPercent { get; init; }

    /// <summary>How many calls a second begin, all clients together, whether or not earlier ones
    /// were answered (an open loop); with 0 each client calls again as soon as it is answered (a
    /// closed loop).</summary>
    public double Rate { get; init; }

    /// <summary>How long it runs before it is measured.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>How long it is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether the call of this number reads.</summary>
    public bool IsRead(long call) => call % 100 < ReadPercent;
}
