using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Synod.Processes.Tests;

/// <summary>Those who do not belong to a cluster come to its ports while it counts.</summary>
public class StrangerTests
{
    [Fact]
    public async Task Strangers_are_refused_by_name_and_nobody_else_notices()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster);
        await counting.SucceedAsync();
        int leader = await cluster.LeaderAsync();
        byte[] noise = new byte[4096];
        new Random(Seed: 7).NextBytes(noise);

        await ComeAsync(
            cluster, 1, "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), "sent an HTTP request to n1");
        await ComeAsync(
            cluster, 2, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 9], "speaks TLS and n2 ");
        await ComeAsync(
            cluster,
            3,
            [0, 0, 0, 0x80, 1, 2, 3, 4, 1, 1],
            "sent bytes of another protocol to n3");

        // Its operator may have heard of one of those above.
        await RefusedAsync(
            cluster, leader, noise, $"sent bytes of another protocol to n{leader}");

        await counting.SucceedAsync();
        await counting.CheckAsync();
        Assert.Equal(leader, await cluster.LeaderAsync());
    }

    [Fact]
    public async Task A_node_and_a_client_of_another_cluster_are_refused_by_name()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster);
        cluster[3].Kill();
        using Alone folder = new();
        using SynodProcess stranger = SynodProcess.Start(
            "node", "3", "--cluster", "other", "--at", string.Join(',', cluster.Addresses),
            "--data", folder.Data);

        SynodResult client = await SynodProcess.RunAsync(
            "counter", "get", "--cluster", "other", "--timeout", "1", "--at", cluster.Addresses[0]);
        await stranger.LineAsync("wrong cluster: ");
        await cluster[1].LineAsync("wrong cluster: ");
        await cluster[2].LineAsync("wrong cluster: ");

        await counting.SucceedAsync();
        await counting.CheckAsync();
        Assert.Equal((1, false), (client.Code, client.HasStackTrace));
        Assert.StartsWith(
            $"synod: not done: No node has answered. ({cluster.Addresses[0]}: wrong cluster: ",
            Assert.Single(client.Complaints));
    }

    // The operator of the node hears of it, once a minute.
    private static async Task ComeAsync(
        TestCluster cluster, int node, byte[] bytes, string reason)
    {
        await RefusedAsync(cluster, node, bytes, reason);
        await cluster[node].LineAsync(reason);
    }

    // The node says why, in words, and closes.
    private static async Task RefusedAsync(
        TestCluster cluster, int node, byte[] bytes, string reason)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TcpClient client = new();
        await client.ConnectAsync(IPEndPoint.Parse(cluster.Addresses[node - 1]), cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(bytes, cancellation);
        using MemoryStream answer = new();
        await Soon.Within(
            stream.CopyToAsync(answer, cancellation), static () => "the node does not close");

        Assert.Contains(reason, Encoding.UTF8.GetString(answer.ToArray()));
    }
}
