using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The nodes, the network between them and the clients.</summary>
internal sealed class SimulatedCluster
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromMilliseconds(20);

    public SimulatedCluster(World world)
    {
        SimulationOptions options = world.Options;
        Groups = [.. Enumerable.Range(1, options.Groups)
            .Select(static number => new GroupId((ulong)number))
            .Select(group => new ClusterAudit(world, group))];
        Network = new SimulatedNetwork(world);
        Nodes = [.. Enumerable.Range(1, options.Nodes).Select(number =>
            new SimulatedNode(world, new NodeId((uint)number), Network, Groups))];
        Network.Connect(Nodes);
        foreach (ClusterAudit group in Groups)
        {
            group.Clocks = node => Nodes[(int)node.Number - 1].Clock.Now;
            group.Notices = world.Count;
        }

        Clients = [.. Enumerable.Range(1, options.Clients).Select(number =>
            new SimulatedClient(world, number, Network, Nodes))];
        Tally = new Tally(world);
        Callers = [.. Enumerable.Range(0, options.Clients * options.CallsPerClient).Select(number =>
            new Caller(
                world,
                Clients[number % Clients.Count],
                Tally,
                world.RandomOf(Stream.Workload, number)))];
        int watches = options.IsWhole ? 0 : options.WatchesPerClient;
        Watchers = [.. Enumerable.Range(0, options.Clients * watches).Select(
            number => NewWatcher(world, number))];
    }

    /// <summary>Each group over all its members.</summary>
    public IReadOnlyList<ClusterAudit> Groups { get; }

    /// <summary>Which group a fault is aimed at, where it is aimed at one.</summary>
    public GroupId GroupOf(Fault fault) => Groups[(int)(fault.Amount / 8 % Groups.Count)].Group;

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public IReadOnlyList<SimulatedClient> Clients { get; }

    public IReadOnlyList<Caller> Callers { get; }

    public IReadOnlyList<Watcher> Watchers { get; }

    public Tally Tally { get; }

    /// <summary>Of each group, what those that are not lost have applied, and their states.
    /// </summary>
    public IEnumerable<string> States => Replicas
        .Select(static audit => $"{audit.Group} {audit.Told?.Applied} {audit.Told?.Digest} "
            + $"{audit.StateDigest}")
        .Distinct();

    /// <summary>Whether all of a group have said the same.</summary>
    public bool IsEqual => Replicas.All(static audit => audit.Told is not null)
        && States.Count() == Groups.Count;

    /// <summary>Requests that kernels have not ended.</summary>
    public IEnumerable<string> OpenRequests =>
        from node in Nodes
        where node.IsRunning
        from audit in node.Audit.Groups
        from request in audit.Open
        select $"{node.Id} {audit.Group} {new RequestId(request)}";

    private IEnumerable<NodeAudit> Replicas => Nodes
        .Where(static node => !node.IsLost)
        .SelectMany(static node => node.Audit.Groups);

    /// <summary>Looks at everything.</summary>
    public void Check()
    {
        foreach (ClusterAudit group in Groups)
            group.Check();
    }

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
        foreach (Watcher watcher in Watchers)
            watcher.Start();
    }

    /// <summary>Asks all nodes what they have.</summary>
    public void Ask()
    {
        foreach (SimulatedNode node in Nodes)
            node.Ask();
    }

    private Watcher NewWatcher(World world, int number)
    {
        SimulatedClient client = Clients[number % Clients.Count];
        KeyHistory history = Groups.Single(group => group.Group == client.Group).Keys;
        return new Watcher(world, client, history, world.RandomOf(Stream.Watch, -1 - number));
    }
}
