using System.Buffers.Binary;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Adds one after the other, whatever happens.</summary>
internal sealed class CountingClient(TestCluster cluster, ulong group = 1)
{
    private readonly TestClient _client = cluster.Connect(new GroupId(group));
    private long _call;

    public List<long> Results { get; } = [];

    public long Unknown { get; private set; }

    /// <summary>How many were certainly not done.</summary>
    public long Refused { get; private set; }

    /// <summary>Checks that what these alone have counted is all there, each once.</summary>
    /// <returns>How much was acknowledged.</returns>
    public static int Check(
        TestCluster cluster, IReadOnlyList<CountingClient> counting, ulong group = 1)
    {
        string context = $"seed {cluster.Seed}";
        long[] results = [.. counting.SelectMany(static client => client.Results)];
        long unknown = counting.Sum(static client => client.Unknown);
        TestClient reader = cluster.Connect(new GroupId(group));
        (ResponseKind kind, byte[] bytes) =
            cluster.Call(reader, RequestKind.Query, "k", new GetValue());
        long final = BinaryPrimitives.ReadInt64LittleEndian(bytes);

        Assert.Equal(ResponseKind.Applied, kind);
        Assert.True(results.Distinct().Count() == results.Length, $"{context}: a result twice");
        Assert.True(results.Max() <= final, $"{context}: {results.Max()} above {final}");
        Assert.InRange(final, results.Length, results.Length + unknown);
        Assert.All(counting, client => Assert.Equal(client.Results.Order(), client.Results));
        return results.Length;
    }

    public void Turn()
    {
        if (IsIdle())
            _call = _client.Submit(RequestKind.Command, "k", new Add(1));
    }

    public bool IsIdle()
    {
        if (_call != 0 && _client.TryTake(_call, out ResponseKind kind, out byte[] bytes))
        {
            _call = 0;
            if (kind == ResponseKind.Applied)
                Results.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes));
            else if (kind == ResponseKind.Unknown)
                Unknown++;
            else
                Refused++;
        }

        return _call == 0;
    }
}
