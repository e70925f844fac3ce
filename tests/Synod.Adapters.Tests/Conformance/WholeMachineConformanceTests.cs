using Synod.Adapters.Tests.Machines;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Conformance;

/// <summary>The same for machines without keys, on each protocol that runs them.</summary>
public sealed class WholeMachineConformanceTests
{
    private const int MovesOfEach = 20;

    private static readonly string[] Accounts = ["a", "b", "c"];

    [Theory]
    [MemberData(nameof(ClusterKind.Ordered), MemberType = typeof(ClusterKind))]
    [Feature("A01")]
    [Feature("A02")]
    public async Task Money_moves_and_none_is_lost_with_an_answer_or_a_node(
        string protocol, string log, string transport)
    {
        await using Cluster cluster =
            Cluster.Start(protocol, log, transport, static () => new Bank());
        ClusterClient any = cluster.Connect(cluster.Nodes[1], cluster.Nodes[2], cluster.Nodes[0]);
        foreach (string account in Accounts)
            Assert.Equal(100, await DepositAsync(any, account));

        await Task.WhenAll(cluster.Nodes.Select((_, number) => MoveAsync(cluster, number)));
        Assert.Equal(300, await TotalAsync(any));
        if (cluster.Kind.IsDurable)
            await RestartAllAsync(cluster);

        Assert.Equal(100, await DepositAsync(any, "another"));
        Assert.Equal(300, await TotalAsync(any));
        ReplicaStatus[] all = await cluster.AgreeAsync();
        Assert.Equal(Accounts.Length + (3 * MovesOfEach) + 1, all[0].Applied);
    }

    // Two keys in each command: some commands conflict and some do not, from all nodes at once.
    // Each client loses its connections now and then, and the first one its node.
    private static async Task MoveAsync(Cluster cluster, int number)
    {
        ClusterNode node = cluster.Nodes[number];
        ClusterClient client =
            cluster.Connect([node, .. cluster.Nodes.Where(other => other != node)]);
        for (int time = 0; time < MovesOfEach; time++)
        {
            Task<byte[]> move = client.RunAsync(
                new Move(Accounts[time % 3], Accounts[(time + number) % 3], time));
            if (time == MovesOfEach / 2 && number == 0)
                await node.KillAsync();
            else if (time % 8 == number)
                client.Reset();
            await move;
        }
    }

    private static async Task RestartAllAsync(Cluster cluster)
    {
        foreach (ClusterNode node in cluster.Nodes)
            await node.KillAsync();
        foreach (ClusterNode node in cluster.Nodes)
            node.Start();
    }

    private static async Task<long> DepositAsync(ClusterClient client, string account) =>
        BitConverter.ToInt64(await client.RunAsync(new Deposit(account, 100)));

    private static async Task<long> TotalAsync(ClusterClient client)
    {
        byte[][] held = await Task.WhenAll(
            Accounts.Select(account => client.QueryAsync(new Balance(account))));
        return held.Sum(static answer => BitConverter.ToInt64(answer));
    }
}
