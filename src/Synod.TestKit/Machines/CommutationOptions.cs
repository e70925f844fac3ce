using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>What a <see cref="CommutationChecker"/> draws.</summary>
public sealed record CommutationOptions
{
    /// <summary>Draws a command of the machine.</summary>
    public required Func<SeededRandom, object> Command { get; init; }

    /// <summary>Draws a query of the machine; null if it has none. Without queries states are told
    /// apart by the results of commands alone.</summary>
    public Func<SeededRandom, object>? Query { get; init; }

    /// <summary>How many pairs are drawn. Default 1000.</summary>
    public int Rounds { get; init; } = 1000;

    /// <summary>The most commands that make the state in which a pair is tried. Default
    /// 12.</summary>
    public int StateCommandsMax { get; init; } = 12;

    /// <summary>Where the randomness comes from; the same seed draws the same. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}
