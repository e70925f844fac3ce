using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Whole nodes and clients on one thread, in steps of a millisecond.</summary>
internal sealed class TestCluster
{
    private const int TurnsInNoTime = 50;

    private readonly List<TestClient> _clients = [];
    private readonly SeededRandom _random;

    public TestCluster(int nodes, ulong seed = 1, IMachine? machine = null, int groups = 1)
    {
        Seed = seed;
        _random = new SeededRandom(seed);
        Network = new InProcessNetwork(seed) { IsStepwise = true };
        Nodes = [.. Enumerable.Range(1, nodes).Select(number =>
            new TestNode(Network, new NodeId((uint)number), nodes, seed)
            {
                Machine = machine ?? new Samples.Counter.Counter(),
                Groups = groups,
            })];
    }

    public ulong Seed { get; }

    public InProcessNetwork Network { get; }

    public TestNode[] Nodes { get; }

    public Instant Now { get; private set; } = new(TimeSpan.TicksPerSecond);

    /// <summary>Whether the disk does only some of its work in a step.</summary>
    public bool HasSlowDisks { get; set; }

    /// <summary>Starts the nodes, with something set before.</summary>
    public TestCluster Start(Action<TestNode> set)
    {
        foreach (TestNode node in Nodes)
            set(node);
        return Start();
    }

    /// <summary>Starts the nodes with groups of a protocol.</summary>
    public TestCluster Start(string protocol) => Start(node => node.Protocol = protocol);

    public TestCluster Start()
    {
        foreach (TestNode node in Nodes)
            node.Start(Now);
        return this;
    }

    public TestClient Connect(params NodeId[] nodes) => Connect(new GroupId(1), nodes);

    public TestClient Connect(GroupId group, params NodeId[] nodes) =>
        Connect(new ClientCoreOptions { Group = group }, nodes);

    public TestClient Connect(ClientCoreOptions options, params NodeId[] nodes)
    {
        NodeId[] known = nodes.Length > 0 ? nodes : [.. Nodes.Select(static node => node.Id)];
        IMachineCodec machine = (IMachineCodec)Nodes[0].Machine;
        TestClient client = new(Network, known, machine, (options, _random.NextBits()));
        _clients.Add(client);
        client.Turn(Now);
        return client;
    }

    public void Step()
    {
        Now += TimeSpan.FromMilliseconds(1);
        TakeTurns();
    }

    /// <summary>Turn after turn while the clock stands still: all that waits for no timer happens,
    /// unless it is very much.</summary>
    public void StepInNoTime()
    {
        for (int turn = 0; turn < TurnsInNoTime; turn++)
            TakeTurns();
    }

    public void StepUntil(Func<bool> condition, int milliseconds = 10_000)
    {
        for (int step = 0; step < milliseconds; step++)
        {
            if (condition())
                return;

            Step();
        }

        Assert.Fail($"It did not happen in {milliseconds} ms of virtual time, seed {Seed}.");
    }

    public void StepFor(int milliseconds)
    {
        for (int step = 0; step < milliseconds; step++)
            Step();
    }

    /// <summary>Runs a call to its end.</summary>
    public (ResponseKind Kind, byte[] Bytes) Call(
        TestClient client, RequestKind kind, string key, object? request)
    {
        long call = client.Submit(kind, key, request);
        ResponseKind ended = default;
        byte[] bytes = [];
        StepUntil(() => client.TryTake(call, out ended, out bytes));
        return (ended, bytes);
    }

    /// <summary>What a node says of itself.</summary>
    public ReplicaStatus Ask(TestNode node)
    {
        TestClient client = Connect(node.Id);
        (ResponseKind kind, byte[] bytes) = Call(client, RequestKind.Status, "", null);
        _clients.Remove(client);
        Assert.Equal(ResponseKind.Applied, kind);
        FrameReader reader = new(bytes);
        ReplicaStatus status = ReplicaStatus.ReadFrom(ref reader);
        Assert.True(reader.IsComplete);
        return status;
    }

    /// <summary>Whether somebody leads, or all serve, since the protocol has no leader.</summary>
    public bool Serves() => Leader() is not null || Nodes.Any(static node =>
        node.IsRunning && node.Notices.Status.Role == KernelRole.Serving);

    /// <summary>Who leads in the newest term.</summary>
    public TestNode? Leader() => Nodes
        .Where(static node => node.IsRunning)
        .Where(static node => node.Notices.Status.Role == KernelRole.Leading)
        .MaxBy(static node => node.Notices.Status.Term);

    private void TakeTurns()
    {
        Network.DeliverAll();
        foreach (TestNode node in Nodes.Where(static node => node.IsRunning))
            node.Turn(Now, HasSlowDisks ? (int)_random.Below(3) : int.MaxValue);
        Network.DeliverAll();
        foreach (TestClient client in _clients)
            client.Turn(Now);
    }
}
