using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What a search looks at, and how far. Immutable, hence safe for use from several
/// threads.</summary>
public sealed record ExploreOptions
{
    /// <summary>Where it begins: at the end of this scenario, which names the group. See
    /// <see cref="AtStart"/> for the very beginning.</summary>
    public required Scenario From { get; init; }

    /// <summary>How many moves deep. Default 16, at least 1.</summary>
    public int Depth { get; init; } = 16;

    /// <summary>After so many states it gives up. Default 100 000, at least 1.</summary>
    public int StatesMax { get; init; } = 100_000;

    /// <summary>How often members wake, in all. Default 2.</summary>
    public int Wakes { get; init; } = 2;

    /// <summary>How many commands are proposed, 0 to 26. Default 2.</summary>
    public int Proposals { get; init; } = 2;

    /// <summary>How many reads are asked. Default 0.</summary>
    public int Reads { get; init; }

    /// <summary>How often a member crashes and comes back. Default 1.</summary>
    public int Crashes { get; init; } = 1;

    /// <summary>How many frames arrive twice. Default 0. None is lost for certain: one that is
    /// never delivered is as good as lost.</summary>
    public int Copies { get; init; }

    /// <summary>A group whose members have just begun to live.</summary>
    /// <param name="protocol">Its protocol.</param>
    /// <param name="members">How many members, 1 to 15.</param>
    public static Scenario AtStart(IProtocol protocol, int members)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        string text = $"nodes {members} protocol {protocol.Name} seed 1\n\nstart\n";
        return Scenario.Parse("start", text, [protocol]);
    }

    /// <summary>Throws if something is out of its range.</summary>
    /// <exception cref="ArgumentException">Names what.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(From);
        Require(Depth >= 1, nameof(Depth));
        Require(StatesMax >= 1, nameof(StatesMax));
        Require(Wakes >= 0, nameof(Wakes));
        Require(Proposals is >= 0 and <= 26, nameof(Proposals));
        Require(Reads >= 0, nameof(Reads));
        Require(Crashes >= 0, nameof(Crashes));
        Require(Copies >= 0, nameof(Copies));
    }

    private static void Require(bool condition, string name)
    {
        if (!condition)
            throw new ArgumentException($"{name} is out of its range; see its documentation.");
    }
}
