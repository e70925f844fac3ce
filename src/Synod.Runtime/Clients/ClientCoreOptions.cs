using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>How a client waits and tries again.</summary>
public sealed record ClientCoreOptions
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(1);

    /// <summary>The group it talks to. Default group 1.</summary>
    public GroupId Group { get; init; } = new(1);

    /// <summary>How long a call may take, all tries together. Default 5 s; more than zero, at most
    /// a day, as every time here.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call goes on while every node that is connected says that more members
    /// are down than are tolerated; then it ends so, certain not to have happened. From zero; as
    /// long as <see cref="Timeout"/>, it waits for a majority to be up. Default 250 ms.</summary>
    public TimeSpan QuorumWait { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long one try may take before another node is asked with the same identity; up
    /// to ten times as long while the node serves other commands and queries. Default 1
    /// s.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The first wait after a node that could not help; doubles up to
    /// <see cref="BackOffMax"/>. Default 4 ms.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>The longest wait after a node that could not help. Default 32 ms.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromMilliseconds(32);

    /// <summary>The most bytes of calls and watches that have not ended, 256 for each included;
    /// beyond, one ends as overloaded at once and is not sent. Default 64 MiB, from 1.</summary>
    public long PendingBytesMax { get; init; } = 64 << 20;

    /// <summary>The most bytes of keys, 256 for each included, whose last command is remembered
    /// when none is under way; the next one on a key that was forgotten is sent twice. Default 16
    /// MiB, from zero.</summary>
    public long KeptKeysBytesMax { get; init; } = 16 << 20;

    /// <summary>Which of its nodes is the nearest, by position: near queries, watches, and where
    /// nobody leads all calls, go there while it is connected, else to the next one. Null: the one
    /// that answered fastest when it was connected. Default null.</summary>
    public int? Nearest { get; init; }

    /// <summary>Whether all calls on a key go to the same node, of those that are about as near as
    /// the nearest, while it serves, and another key to another. For protocols on which nobody
    /// leads: two nodes that write one key give way to each other, and the one that wrote it last
    /// needs the fewest rounds. Where <see cref="Nearest"/> is named, or somebody leads, it does
    /// not count. Default false.</summary>
    public bool KeysHaveHomes { get; init; }

    /// <summary>The most bytes of events of one watch that were received and not used; beyond, the
    /// node tells the latest as soon as there is room, and that there was a gap. One event passes
    /// however large it is. Default 256 KiB, from 1.</summary>
    public long WatchBytesMax { get; init; } = 256 << 10;

    /// <summary>How often a node is told which watches it serves, so that neither forgets one; a
    /// node that does not answer within two <see cref="TryTimeout"/> loses them to another. Default
    /// 2 s.</summary>
    public TimeSpan WatchRenewal { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Throws if an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TryTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(QuorumWait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BackOffMin, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BackOffMax, BackOffMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(PendingBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(KeptKeysBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(WatchBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WatchRenewal, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Timeout, TimeMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TryTimeout, TimeMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(QuorumWait, TimeMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BackOffMax, TimeMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(WatchRenewal, TimeMax);
    }
}
