using System.Globalization;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>One thing that goes wrong.</summary>
public sealed record Fault
{
    /// <summary>When, from the begin of the run.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>At which node.</summary>
    public NodeId Node { get; init; }

    /// <summary>Whether it is at whoever leads then, if anybody does: leaders that fall one after
    /// the other leave logs that differ.</summary>
    public bool IsAtLeader { get; init; }

    /// <summary>With which other node, of those that need one.</summary>
    public NodeId Peer { get; init; }

    /// <summary>How long it lasts, or the node stays down.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How much, or which; its meaning depends on the kind.</summary>
    public long Amount { get; init; }

    /// <summary>As in <c>1234.567 ms Kill n2 for 80.1 ms</c>.</summary>
    public override string ToString()
    {
        string node = IsAtLeader ? $"the leader or {Node}" : $"{Node}";
        string peer = Peer == default ? "" : $" and {Peer}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{At.TotalMilliseconds:0.000} ms {Kind} {node}{peer} for "
            + $"{Duration.TotalMilliseconds:0.0} ms ({Amount})");
    }
}
