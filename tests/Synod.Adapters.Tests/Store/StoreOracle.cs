using Synod.Adapters.Tests.Runtime;
using Synod.Hosting;
using Synod.Kernel;
using static Synod.Adapters.Tests.Store.StoreCluster;

namespace Synod.Adapters.Tests.Store;

/// <summary>Puts, reads, and nodes that come and go, against a map.</summary>
internal sealed class StoreOracle(StoreCluster cluster, SeededRandom random)
{
    private const int Keys = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    // What is chosen, and what may have been while there was no quorum.
    private readonly Dictionary<string, string> _chosen = [];
    private readonly Dictionary<string, HashSet<string>> _perhaps = [];
    private int _values;

    /// <summary>How many calls found no quorum.</summary>
    public int Refused { get; private set; }

    private TestNode[] Nodes => cluster.Cluster.Nodes;

    private bool HasQuorum =>
        2 * Nodes.Count(static node => node.IsRunning) > Nodes.Length;

    public void Step()
    {
        string key = $"k{random.Below(Keys)}";
        switch (random.Below(6))
        {
            case 0:
                Change(Nodes[random.Below(Nodes.Length)]);
                break;
            case 1 or 2:
                Saw(key, cluster.Get(key, new GetCall { TimeLimit = Limit }), null);
                break;
            default:
                string value = $"v{++_values}";
                Saw(key, cluster.Put(key, value, new PutCall { TimeLimit = Limit }), value);
                break;
        }
    }

    /// <summary>With all nodes back every key is what it was.</summary>
    public void CheckAll()
    {
        foreach (TestNode node in Nodes.Where(static node => !node.IsRunning))
            node.Start(cluster.Cluster.Now);
        for (int key = 0; key < Keys; key++)
            Saw($"k{key}", cluster.Get($"k{key}"), null);
    }

    // With a quorum every call is answered, however long that takes.
    private TimeSpan Limit => HasQuorum ? TimeSpan.FromSeconds(5) : Patience;

    private void Change(TestNode node)
    {
        if (node.IsRunning)
            node.Crash();
        else
            node.Start(cluster.Cluster.Now);
    }

    private void Saw(string key, RegisterOutcome outcome, string? put)
    {
        if (outcome is RegisterOutcome.NoQuorum none)
        {
            Assert.False(HasQuorum);
            Refused++;
            if (put is not null && none.MayHaveHappened)
                Perhaps(key).Add(put);
            return;
        }

        Assert.True(HasQuorum);
        if (outcome is RegisterOutcome.NotFound)
        {
            Assert.Null(put);
            Assert.DoesNotContain(key, _chosen);
            return;
        }

        string value = ValueOf(outcome);
        if (!_chosen.TryAdd(key, value))
            Assert.Equal(_chosen[key], value);
        else
            Assert.True(value == put || Perhaps(key).Contains(value));
    }

    private HashSet<string> Perhaps(string key)
    {
        if (!_perhaps.TryGetValue(key, out HashSet<string>? values))
            _perhaps[key] = values = [];
        return values;
    }
}
