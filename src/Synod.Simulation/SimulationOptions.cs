using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What is simulated. Immutable, hence safe for use from several threads.</summary>
public sealed record SimulationOptions
{
    /// <summary>The protocol.</summary>
    public required IProtocol Protocol { get; init; }

    /// <summary>Whether each seed draws knobs of its own for the protocol, as
    /// <see cref="IProtocol.Vary"/> says, and how many keys calls meet on. Default
    /// true.</summary>
    public bool VariesKnobs { get; init; } = true;

    /// <summary>What clients do, and to which machine.</summary>
    public required Workload Workload { get; init; }

    /// <summary>How many nodes, 1 to 15. Default 3.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How many groups the nodes serve, 1 to 15, each with clients of its own. The first
    /// is on all nodes; each further one leaves out another node, if there are four or more.
    /// Default 1.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>What may go wrong. Default everything.</summary>
    public FaultClasses Faults { get; init; } = FaultClasses.All;

    /// <summary>In which runs leaders have leases, on terms drawn from the seed. There monotonic
    /// clocks stay within the stated bound: only wall clocks jump, and nobody reads them. Default
    /// sometimes.</summary>
    public LeaseUse Leases { get; init; }

    /// <summary>How long things go wrong, in virtual time; healing comes after it. Default 20 s, at
    /// least 1 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How soon after healing every client must be served, and all replicas be equal, in
    /// virtual time. Default 20 s.</summary>
    public TimeSpan ServeWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many clients, each with a session of its own, 1 to 100 and at least one for
    /// each group. Default 3.</summary>
    public int Clients { get; init; } = 3;

    /// <summary>How many calls each client has under way at a time, 1 to 100. Default 2.</summary>
    public int CallsPerClient { get; init; } = 2;

    /// <summary>How many keys each client watches, each with what
    /// <see cref="Workload.Last"/> asks of one of them, 0 to 100. Default 1.</summary>
    public int WatchesPerClient { get; init; } = 1;

    /// <summary>How long a client rests between two calls, at the most. Default 80 ms.</summary>
    public TimeSpan ThinkTime { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>Below so many successful operations per virtual second, on average, a run counts as
    /// void. Default 50.</summary>
    public int OperationsPerSecondMin { get; init; } = 50;

    /// <summary>Throws if something is out of its range.</summary>
    /// <exception cref="ArgumentException">Names what.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Protocol);
        ArgumentNullException.ThrowIfNull(Workload);
        Require(Nodes is >= 1 and <= MemberSet.MembersMax, nameof(Nodes));
        Require(Groups >= 1 && Groups <= MemberSet.MembersMax, nameof(Groups));
        Require(Duration >= TimeSpan.FromSeconds(1), nameof(Duration));
        Require(ServeWithin > TimeSpan.Zero, nameof(ServeWithin));
        Require(Clients >= Groups && Clients <= 100, nameof(Clients));
        Require(CallsPerClient is >= 1 and <= 100, nameof(CallsPerClient));
        Require(WatchesPerClient is >= 0 and <= 100, nameof(WatchesPerClient));
        Require(ThinkTime >= TimeSpan.Zero, nameof(ThinkTime));
        Require(OperationsPerSecondMin >= 0, nameof(OperationsPerSecondMin));
        if (IsWhole && !Protocol.IsOrdered)
            throw new ArgumentException($"{Protocol.Name} runs no whole machines.");
    }

    /// <summary>Whether the machine has no keys.</summary>
    internal bool IsWhole => Workload.CreateMachine() is IWholeMachine;

    /// <summary>The nodes of a group.</summary>
    internal IReadOnlyList<NodeId> MembersOf(GroupId group)
    {
        uint number = (uint)group.Number;
        uint left = number == 1 || Nodes < 4 ? 0 : ((number - 2) % (uint)Nodes) + 1;
        return
        [
            .. Enumerable.Range(1, Nodes)
                .Select(static node => new NodeId((uint)node))
                .Where(node => node.Number != left),
        ];
    }

    private static void Require(bool condition, string name)
    {
        if (!condition)
            throw new ArgumentException($"{name} is out of its range; see its documentation.");
    }
}
