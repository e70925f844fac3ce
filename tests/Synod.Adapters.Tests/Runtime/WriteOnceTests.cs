using System.Text;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Write-once keys on every protocol: the seed's acceptance scenarios P6 and P9, and the
/// lives of a key.</summary>
public sealed class WriteOnceTests
{
    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("F01")]
    public void Whoever_puts_at_once_gets_the_one_value_that_was_put_first(string protocol)
    {
        TestCluster cluster = Start(protocol, nodes: 3);
        for (int key = 0; key < 5; key++)
        {
            WriteOnceEntry[] chosen = PutAll(cluster, clients: 3, candidates: 3, $"k{key}");
            WriteOnceEntry one = Assert.Single(chosen.Distinct());
            Assert.True(one.IsLive);
            Assert.Equal(new Generation(0, 1), one.Generation);
        }
    }

    // P9: 125 of them on each of 5 nodes.
    [Theory]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(998)]
    [Feature("F01")]
    [Feature("F08")]
    public void Many_who_put_one_key_at_once_all_return_with_one_value(int candidates)
    {
        TestCluster cluster = Start("register", nodes: 5);

        WriteOnceEntry[] chosen = PutAll(cluster, clients: 625, candidates, "k");
        WriteOnceEntry one = Assert.Single(chosen.Distinct());
        int value = int.Parse(Encoding.UTF8.GetString(one.Value.Span));
        Assert.InRange(value, 0, candidates - 1);
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("F02")]
    public void A_key_is_not_there_then_there_then_ended_and_then_can_be_put_anew(string protocol)
    {
        TestCluster cluster = Start(protocol, nodes: 3);
        TestClient client = cluster.Connect();
        Assert.Equal(default, Get(cluster, client));

        WriteOnceEntry first = Put(cluster, client, "a");
        Assert.Equal(first, Put(cluster, client, "b"));
        Assert.Equal(first, Get(cluster, client));

        WriteOnceEntry ended = End(cluster, client, first.Generation);
        Assert.Equal(new WriteOnceEntry(first.Generation, false, default), ended);
        WriteOnceEntry second = Put(cluster, client, "c");
        Assert.True(second.Generation > first.Generation);
        Assert.Equal("c", Encoding.UTF8.GetString(second.Value.Span));

        // A late end of the first life does not touch the second.
        Assert.Equal(second, End(cluster, client, first.Generation));
        Assert.Equal(second, Get(cluster, client));
    }

    [Fact]
    public void What_cannot_be_is_refused_and_changes_nothing()
    {
        TestCluster cluster = Start("register", nodes: 3);
        TestClient client = cluster.Connect();

        Assert.Contains(
            "one character",
            Refusal(cluster, client, ("", new PutOnce("a"u8.ToArray()))),
            StringComparison.Ordinal);
        Assert.Contains(
            "g0.1 has not begun",
            Refusal(cluster, client, ("k", new EndKey(new Generation(0, 1)))),
            StringComparison.Ordinal);
        Assert.Equal(default, Get(cluster, client));
    }

    [Fact]
    public void A_value_that_is_too_large_is_refused()
    {
        WriteOnce machine = new();
        FrameBuffer request = new();
        machine.Encode(new PutOnce(new byte[WriteOnce.ValueBytesMax + 1]), request);
        MachineOutput output = new();

        machine.Apply(
            new MachineInput { Key = "k"u8, State = default, Request = request.Written }, output);
        Assert.True(output.IsRefused);
        Assert.Contains(
            "65537 bytes; 65536 is the limit",
            Encoding.UTF8.GetString(output.Result.Written),
            StringComparison.Ordinal);
    }

    // P14 of the seed.
    [Fact]
    [Feature("B25")]
    public void A_restart_of_all_nodes_keeps_every_value()
    {
        TestCluster cluster = Start("register", nodes: 3);
        TestClient client = cluster.Connect();
        WriteOnceEntry put = Put(cluster, client, "a");

        foreach (TestNode node in cluster.Nodes)
            node.Crash();
        foreach (TestNode node in cluster.Nodes)
            node.Start(cluster.Now);
        Assert.Equal(put, Put(cluster, client, "b"));
        Assert.Equal(put, Get(cluster, client));
    }

    private static TestCluster Start(string protocol, int nodes)
    {
        TestCluster cluster = new TestCluster(nodes, machine: new WriteOnce()).Start(protocol);
        cluster.StepUntil(cluster.Serves);
        return cluster;
    }

    // Each client knows one node first.
    private static WriteOnceEntry[] PutAll(
        TestCluster cluster, int clients, int candidates, string key)
    {
        (TestClient Client, long Call)[] calls = [.. Enumerable.Range(0, clients).Select(number =>
        {
            int first = number % cluster.Nodes.Length;
            TestClient client = cluster.Connect(
            [
                .. cluster.Nodes.Skip(first).Concat(cluster.Nodes.Take(first))
                    .Select(static node => node.Id),
            ]);
            byte[] value = Encoding.UTF8.GetBytes($"{number % candidates}");
            return (client, client.Submit(RequestKind.Command, key, new PutOnce(value)));
        })];
        List<WriteOnceEntry> chosen = [];
        cluster.StepUntil(() =>
        {
            foreach ((TestClient client, long call) in calls)
            {
                if (client.TryTake(call, out ResponseKind kind, out byte[] bytes))
                    chosen.Add(EntryOf(kind, bytes));
            }

            return chosen.Count == clients;
        });
        return [.. chosen];
    }

    private static WriteOnceEntry Put(TestCluster cluster, TestClient client, string value) =>
        Call(cluster, client, new PutOnce(Encoding.UTF8.GetBytes(value)));

    private static WriteOnceEntry End(
        TestCluster cluster, TestClient client, Generation generation) =>
        Call(cluster, client, new EndKey(generation));

    private static WriteOnceEntry Call(TestCluster cluster, TestClient client, object command)
    {
        (ResponseKind kind, byte[] bytes) =
            cluster.Call(client, RequestKind.Command, "k", command);
        return EntryOf(kind, bytes);
    }

    private static WriteOnceEntry Get(TestCluster cluster, TestClient client)
    {
        (ResponseKind kind, byte[] bytes) =
            cluster.Call(client, RequestKind.Query, "k", new GetOnce());
        return EntryOf(kind, bytes);
    }

    private static WriteOnceEntry EntryOf(ResponseKind kind, byte[] bytes)
    {
        Assert.Equal(ResponseKind.Applied, kind);
        return new WriteOnce().Decode<WriteOnceEntry>(new GetOnce(), bytes);
    }

    private static string Refusal(
        TestCluster cluster, TestClient client, (string Key, object Command) asked)
    {
        (ResponseKind kind, byte[] bytes) =
            cluster.Call(client, RequestKind.Command, asked.Key, asked.Command);
        Assert.Equal(ResponseKind.Refused, kind);
        return Encoding.UTF8.GetString(bytes);
    }
}
