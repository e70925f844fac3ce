using System.Text;
using Synod.Adapters.Tests.Runtime;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Store;

/// <summary>A write-once store on whole nodes in virtual time.</summary>
internal sealed class StoreCluster
{
    private readonly List<TestRegisterPort> _ports = [];

    public StoreCluster(int nodes = 3, string protocol = "register", ulong seed = 1)
    {
        Cluster = new TestCluster(nodes, seed, new WriteOnce()).Start(protocol);
        Cluster.StepUntil(Cluster.Serves);
        Store = Connect();
    }

    public TestCluster Cluster { get; }

    /// <summary>A store of one client of all nodes.</summary>
    public TestStore Store { get; }

    /// <summary>The time of those clocks that are right.</summary>
    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(Cluster.Now.Ticks);

    public TestStore Connect(params int[] nodes) => Connect(out _, nodes);

    public TestStore Connect(out TestRegisterPort port, params int[] nodes)
    {
        TestClient client = Cluster.Connect(
            [.. nodes.Select(static node => new NodeId((uint)node))]);
        port = new TestRegisterPort(Cluster, client);
        _ports.Add(port);
        return new TestStore(new Registers(port));
    }

    /// <summary>Steps until a call has ended.</summary>
    public T Run<T>(Task<T> call, int milliseconds = 10_000)
    {
        StepUntil(() => call.IsCompleted, milliseconds);
        return call.GetAwaiter().GetResult();
    }

    public void StepUntil(Func<bool> condition, int milliseconds = 10_000) =>
        Cluster.StepUntil(
            () =>
            {
                foreach (TestRegisterPort port in _ports)
                    port.Pump();
                return condition();
            },
            milliseconds);

    public void StepFor(int milliseconds)
    {
        Instant end = Cluster.Now + TimeSpan.FromMilliseconds(milliseconds);
        StepUntil(() => Cluster.Now >= end, milliseconds + 1);
    }

    public RegisterOutcome Put(string key, string value, PutCall? call = null) =>
        Run(Store.PutAsync(key, Bytes(value), call));

    public RegisterOutcome Get(string key, GetCall? call = null) =>
        Run(Store.GetAsync(key, call));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The chosen value, as text.</summary>
    public static string ValueOf(RegisterOutcome outcome) => Encoding.UTF8.GetString(
        Assert.IsType<RegisterOutcome.Chosen>(outcome).Value.Bytes.Span);

    public static RegisterRefusal RefusalOf(RegisterOutcome outcome) =>
        Assert.IsType<RegisterOutcome.Refused>(outcome).Reason;
}
