using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The nodes, the network between them and the clients.</summary>
internal sealed class SimulatedCluster
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromMilliseconds(20);

    public SimulatedCluster(World world)
    {
        SimulationOptions options = world.Options;
        Audit = new ClusterAudit(world.Protocol);
        Network = new SimulatedNetwork(world);
        Nodes = [.. Enumerable.Range(1, options.Nodes).Select(number =>
            new SimulatedNode(world, new NodeId((uint)number), Network, Audit))];
        Network.Connect(Nodes);
        Audit.Clocks = node => Nodes[(int)node.Number - 1].Clock.Now;
        Clients = [.. Enumerable.Range(1, options.Clients).Select(number =>
            new SimulatedClient(world, number, Network, Nodes))];
        Tally = new Tally(world);
        Callers = [.. Enumerable.Range(0, options.Clients * options.CallsPerClient).Select(number =>
            new Caller(
                world,
                Clients[number % Clients.Count],
                Tally,
                world.RandomOf(Stream.Workload, number)))];
    }

    public ClusterAudit Audit { get; }

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public IReadOnlyList<SimulatedClient> Clients { get; }

    public IReadOnlyList<Caller> Callers { get; }

    public Tally Tally { get; }

    /// <summary>What those that are not lost have applied, and their states.</summary>
    public IEnumerable<object> States =>
        from node in Nodes
        where !node.IsLost
        select (object)(node.Told?.Applied, node.Told?.Digest, node.Audit.StateDigest);

    /// <summary>Whether all of them have said the same.</summary>
    public bool IsEqual => Nodes.All(static node => node.IsLost || node.Told is not null)
        && States.Distinct().Count() == 1;

    /// <summary>Starts all nodes and clients, one after the other.</summary>
    public void Start(World world)
    {
        SeededRandom random = world.RandomOf(Stream.Boot);
        foreach (SimulatedNode node in Nodes)
            world.Schedule.After(random.Below(StartWithin), node.Start);
        foreach (SimulatedClient client in Clients)
            world.Schedule.After(random.Below(StartWithin), client.Start);
        foreach (Caller caller in Callers)
            caller.Start();
    }

    /// <summary>Asks all nodes what they have.</summary>
    public void Ask()
    {
        foreach (SimulatedNode node in Nodes)
            node.Ask();
    }
}
