using System.Text;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

public sealed class HookTests
{
    [Fact]
    [Feature("B27")]
    public void Only_the_leader_is_told_and_each_command_once()
    {
        TestCluster cluster = Hooked(3).Start();
        TestClient client = cluster.Connect();

        Add(cluster, client, 5);
        Add(cluster, client, 7);
        cluster.Call(client, RequestKind.Query, "k", new GetValue());
        cluster.Call(client, RequestKind.LocalQuery, "k", new GetValue());
        cluster.StepFor(200);

        TestNode leader = cluster.Leader() ?? cluster.Nodes[0];
        long term = leader.Notices.Status.Term;
        Assert.Equal(
            [$"elected t{term}", "k 5 -> 5", "k 7 -> 12", "k? -> 12"], leader.Hook?.Told);
        Assert.All(
            cluster.Nodes.Where(node => node != leader),
            static node => Assert.DoesNotContain(node.Hook?.Told ?? [], IsAboutClients));
    }

    [Fact]
    [Feature("B27")]
    public void A_copy_of_a_command_is_not_told_also_not_by_the_next_leader()
    {
        TestCluster cluster = Hooked(3).Start();
        RawClient[] clients = Raw(cluster);
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode first = cluster.Leader() ?? cluster.Nodes[0];
        RawClient client = clients[first.Id.Number - 1];
        client.Add(1);
        cluster.StepUntil(() => client.Answers.ContainsKey(1));
        client.Add(2);
        cluster.StepUntil(() => client.Answers.ContainsKey(2));

        first.Kill();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode second = cluster.Leader() ?? cluster.Nodes[0];
        RawClient next = clients[second.Id.Number - 1];
        next.Add(3);
        cluster.StepUntil(() => next.Answers.ContainsKey(3));

        Assert.Equal(client.Answers[1].Bytes, client.Answers[2].Bytes);
        Assert.Single(first.Hook?.Told ?? [], IsAboutClients);
        Assert.DoesNotContain(second.Hook?.Told ?? [], IsAboutClients);
    }

    [Fact]
    [Feature("B27")]
    public void A_refusal_is_told_as_one()
    {
        TestCluster cluster = Hooked(1).Start();
        TestClient client = cluster.Connect();

        Add(cluster, client, long.MaxValue);
        Add(cluster, client, 1);

        Assert.StartsWith("k 1 refused: ", cluster.Nodes[0].Hook?.Told[^1]);
    }

    [Fact]
    [Feature("B27")]
    public void What_a_log_held_at_the_start_is_told_as_restored_and_then_that_it_was()
    {
        TestCluster cluster = Hooked(1).Start();
        Add(cluster, cluster.Connect(), 5);
        TestNode node = cluster.Nodes[0];

        node.Kill();
        node.Start(cluster.Now);
        cluster.StepUntil(() => cluster.Leader() is not null);
        Add(cluster, cluster.Connect(), 7);

        long term = node.Notices.Status.Term;
        Assert.Equal(
            [$"elected t{term}", "k 5 -> 5 (restored)", $"restored t{term}", "k 7 -> 12"],
            node.Hook?.Told);
    }

    private static bool IsAboutClients(string line) => line[0] == 'k';

    private static RawClient[] Raw(TestCluster cluster) =>
        [.. cluster.Nodes.Select(node => new RawClient(cluster, node))];

    private static void Add(TestCluster cluster, TestClient client, long amount) =>
        cluster.Call(client, RequestKind.Command, "k", new Add(amount));

    private static TestCluster Hooked(int nodes)
    {
        TestCluster cluster = new(nodes);
        foreach (TestNode node in cluster.Nodes)
            node.HasHook = true;
        return cluster;
    }

    /// <summary>Writes down what it is told, as text.</summary>
    internal sealed class WritingHook : IGroupHook
    {
        private readonly Counter _machine = new();

        public List<string> Told { get; } = [];

        public void Committed(
            in Envelope command, ReadOnlySpan<byte> result, bool isRefused, bool isRestored)
        {
            Add? add = _machine.ReadCommand(command.Command) as Add;
            string outcome = isRefused
                ? $"refused: {Encoding.UTF8.GetString(result)}"
                : $"-> {BitConverter.ToInt64(result)}";
            string mark = isRestored ? " (restored)" : "";
            Told.Add(
                $"{Encoding.UTF8.GetString(command.Key)} {add?.Amount} {outcome}{mark}");
        }

        public void Answered(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer, bool isRefused)
        {
            FrameReader reader = new(query);
            string key = Encoding.UTF8.GetString(reader.ReadSized());
            Told.Add($"{key}? -> {BitConverter.ToInt64(answer)}");
        }

        public void Elected(EpochId epoch, long term) => Told.Add($"elected t{term}");

        public void Restored(EpochId epoch, long term) => Told.Add($"restored t{term}");
    }
}
