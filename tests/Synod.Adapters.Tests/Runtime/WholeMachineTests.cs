using System.Text;
using Synod.Adapters.Tests.Machines;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Machines over one state without keys.</summary>
public sealed class WholeMachineTests
{
    [Theory]
    [ClassData(typeof(EachOrderedProtocol))]
    [Feature("A01")]
    public void Money_moves_between_accounts_and_none_is_lost_or_made(string protocol)
    {
        TestCluster cluster = new TestCluster(3, machine: new Bank()).Start(protocol);
        TestClient[] clients =
            [.. cluster.Nodes.Select(node => cluster.Connect(node.Id))];
        TestClient any = cluster.Connect();
        foreach (string account in (string[])["a", "b", "c"])
            Assert.Equal(100, Number(Call(cluster, any, new Deposit(account, 100))));

        // Some conflict and some do not, from all nodes at once.
        List<(TestClient Client, long Call)> calls = [];
        for (int time = 0; time < 60; time++)
        {
            TestClient client = protocol == "epaxos" ? clients[time % 3] : any;
            (string from, string to) = (Account(time), Account(time * 7 / 3));
            calls.Add((client, client.Submit(
                RequestKind.Command, "", new Move(from, to, time % 40))));
        }

        foreach ((TestClient client, long call) in calls)
        {
            ResponseKind kind = default;
            cluster.StepUntil(() => client.TryTake(call, out kind, out _));
            Assert.Equal(ResponseKind.Applied, kind);
        }

        Assert.Equal(300, Total(cluster, any));
        cluster.StepUntil(() => cluster.Nodes
            .Select(node => (cluster.Ask(node).Applied, cluster.Ask(node).Digest))
            .Distinct()
            .Count() == 1);
        Assert.Equal(63, cluster.Ask(cluster.Nodes[0]).Applied);
    }

    [Theory]
    [ClassData(typeof(EachOrderedProtocol))]
    [Feature("A01")]
    public void A_whole_machine_is_made_anew_from_the_log(string protocol)
    {
        TestCluster cluster = new TestCluster(3, machine: new Bank()).Start(protocol);
        TestClient client = cluster.Connect();
        Call(cluster, client, new Deposit("a", 10));
        Call(cluster, client, new Move("a", "b", 3));

        foreach (TestNode node in cluster.Nodes)
            Assert.True(node.RestartMachine());
        Assert.Equal(10, Total(cluster, client));
        foreach (TestNode node in cluster.Nodes)
            node.Kill();
        foreach (TestNode node in cluster.Nodes)
            node.Start(cluster.Now);

        TestClient later = cluster.Connect(new ClientCoreOptions
        {
            QuorumWait = TimeSpan.FromSeconds(5),
        });
        Assert.Equal(7, Number(Call(cluster, later, new Balance("a"))));
        Assert.Equal(3, Number(Call(cluster, later, new Balance("b"))));
        Assert.Equal(17, Number(Call(cluster, later, new Deposit("a", 10))));
    }

    [Theory]
    [ClassData(typeof(EachOrderedProtocol))]
    public void A_footprint_that_is_none_is_refused_and_nothing_happens(string protocol)
    {
        TestCluster cluster = new TestCluster(3, machine: new Bank()).Start(protocol);
        TestClient client = cluster.Connect();
        Call(cluster, client, new Deposit("a", 1));

        foreach ((object request, string rule) in ((object, string)[])
        [
            (new Deposit("throws", 1), "the footprint failed: no such account"),
            (new Deposit("nothing", 1), "a footprint names at least one key, or everything"),
            (new Deposit("thousands", 1), "a footprint names at most 1024 keys"),
            (new Deposit("", 1), "a key of a footprint is not empty"),
            (new Balance(""), "a key of a footprint is not empty"),
            (
                new Deposit(new string('k', 5000), 1),
                "a key of a footprint has at most 4096 bytes, not 5000"),
        ])
        {
            (ResponseKind kind, byte[] bytes) = Call(cluster, client, request);
            Assert.Equal(
                (ResponseKind.Malformed, rule), (kind, Encoding.UTF8.GetString(bytes)));
        }

        (ResponseKind keyed, byte[] why) =
            cluster.Call(client, RequestKind.Command, "key", new Deposit("a", 1));
        Assert.Equal(ResponseKind.Refused, keyed);
        Assert.Equal(
            "Machine 'bank' is whole and has no keys: leave the key empty.",
            Encoding.UTF8.GetString(why));
        Assert.Equal(2, Number(Call(cluster, client, new Deposit("a", 1))));
    }

    [Theory]
    [ClassData(typeof(EachOrderedProtocol))]
    public void Whoever_watches_the_empty_key_sees_each_change(string protocol)
    {
        TestCluster cluster = new TestCluster(3, machine: new Bank()).Start(protocol);
        TestClient client = cluster.Connect();
        long watch = client.Watch("", new Balance("a"));
        for (int time = 0; time < 3; time++)
            Call(cluster, client, new Deposit("a", 5));

        cluster.StepUntil(() => client.Told(watch).LastOrDefault().Value == 15);
    }

    [Fact]
    [Feature("A01")]
    public void Where_commands_have_no_order_a_whole_machine_is_refused_at_start()
    {
        TestCluster cluster = new(3, machine: new Bank());

        ArgumentException refusal =
            Assert.Throws<ArgumentException>(() => cluster.Start("register"));

        Assert.Equal(
            "g1 has the whole machine 'bank', and register decides about one key at a time: use a "
            + "keyed machine, or another protocol.",
            refusal.Message);
    }

    private static string Account(int number) => ((string[])["a", "b", "c"])[number % 3];

    private static long Total(TestCluster cluster, TestClient client) =>
        ((string[])["a", "b", "c"]).Sum(
            account => Number(Call(cluster, client, new Balance(account))));

    private static (ResponseKind Kind, byte[] Bytes) Call(
        TestCluster cluster, TestClient client, object request) => cluster.Call(
            client, request is Balance ? RequestKind.Query : RequestKind.Command, "", request);

    private static long Number((ResponseKind Kind, byte[] Bytes) answer)
    {
        Assert.Equal(ResponseKind.Applied, answer.Kind);
        return BitConverter.ToInt64(answer.Bytes);
    }
}
