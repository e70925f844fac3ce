namespace Synod.Runtime;

/// <summary>What it may cost to tell those who watch keys of a group. Beyond, they wait or are told
/// of fewer states; nobody is left without the latest.</summary>
public sealed record WatchLimits
{
    /// <summary>So many bytes are told in a turn, the last event as a whole; who is left is told in
    /// the next ones. Default 1 MiB, from 1.</summary>
    public long TurnBytesMax { get; init; } = 1 << 20;

    /// <summary>So many bytes of changes, of all keys, are kept for those who wait; of more, the
    /// latest is told, with a gap. Default 4 MiB, from 1.</summary>
    public long WaitingBytesMax { get; init; } = 4 << 20;

    /// <summary>So many changes, the oldest, are kept of what is watched of a key. Default 64, from
    /// 1.</summary>
    public int WaitingChangesMax { get; init; } = 64;

    /// <summary>Throws if one is out of its range.</summary>
    /// <exception cref="ArgumentException">Names it and its range.</exception>
    public void Validate()
    {
        AtLeastOne(TurnBytesMax, nameof(TurnBytesMax));
        AtLeastOne(WaitingBytesMax, nameof(WaitingBytesMax));
        AtLeastOne(WaitingChangesMax, nameof(WaitingChangesMax));
    }

    private static void AtLeastOne(long value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"{name} is {value}; it must be at least 1.");
    }
}
