using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public class ClientConnectionTests
{
    private readonly TestClientSink _sink = new();

    [Fact]
    public async Task A_client_is_answered_on_its_own_connection()
    {
        await using TestNode node = Echo();
        using ClientConnection client = Dial(node, TestNode.Cluster);

        Greeting greeting = await _sink.ConnectedAsync;
        client.Send("ping"u8);
        client.Flush();

        Assert.Equal("c1: ping", await _sink.Frames.FirstAsync(static _ => true));
        Assert.Equal(TestNode.Cluster, greeting.Cluster);
        Assert.Equal(TestNode.Identity(1), greeting.Node);
        Assert.True(greeting.RoundTrip > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_client_on_the_same_machine_may_call_whatever_cluster_it_is()
    {
        await using TestNode node = Echo();
        using ClientConnection client = Dial(node, default);

        Assert.Equal(TestNode.Cluster, (await _sink.ConnectedAsync).Cluster);
    }

    [Fact]
    public async Task A_client_of_another_cluster_is_refused_and_told_both()
    {
        await using TestNode node = Echo();
        using ClientConnection client = Dial(node, new(0xBAD));

        Closure closure = await _sink.ClosedAsync;

        Assert.Equal(RefusalCode.WrongCluster, closure.Refusal);
        Assert.Matches(
            "^wrong cluster: 127.0.0.1:[0-9]+ is of cluster 0{29}bad and n1 at "
            + $"{node.Place} is of cluster 0{{30}}c1; correct the cluster id or the address$",
            closure.Text);
        Assert.False(client.Send("too late"u8));
    }

    [Fact]
    public async Task A_client_that_called_another_node_is_told_whose_address_it_is()
    {
        await using TestNode node = Echo();
        using ClientConnection client = new(
            new() { Address = node.Address, Node = new(2) }, _sink);
        client.Start();

        Assert.Equal(
            new(
                RefusalCode.WrongNode,
                $"wrong node: {node.Place} is n1, not n2; correct the address of n2 at the caller"),
            await _sink.ClosedAsync);
    }

    [Fact]
    public async Task A_client_that_nobody_answers_is_told_why()
    {
        TestNode gone = Echo();
        await gone.DisposeAsync();
        using ClientConnection client = Dial(gone, TestNode.Cluster);

        Assert.Equal(new(RefusalCode.None, "nothing listens there"), await _sink.ClosedAsync);
    }

    [Fact]
    public async Task A_client_sees_at_once_that_its_node_stops()
    {
        TestNode node = Echo();
        using ClientConnection client = Dial(node, TestNode.Cluster);
        await _sink.ConnectedAsync;

        await node.DisposeAsync();

        Assert.Equal(
            new(RefusalCode.None, "the other end closed the connection"), await _sink.ClosedAsync);
    }

    [Fact]
    public async Task A_client_that_closes_is_gone_for_the_node()
    {
        await using TestNode node = Echo();
        using ClientConnection client = Dial(node, TestNode.Cluster);
        await _sink.ConnectedAsync;

        client.Dispose();

        await node.Sink.News.FirstAsync(static news => news == "gone c1");
        Assert.Equal(
            new(RefusalCode.None, "the client closed the connection"), await _sink.ClosedAsync);
        Assert.Equal(0, node.Transport.ClientsCount);
    }

    [Fact]
    public async Task A_client_that_stops_dialling_is_told_so()
    {
        await using TestNode node = Echo();
        ClientConnection client = Dial(node, TestNode.Cluster);

        client.Dispose();

        Assert.Equal(RefusalCode.None, (await _sink.ClosedAsync).Refusal);
    }

    [Fact]
    public async Task A_reply_to_a_client_that_is_gone_is_lost_without_a_word()
    {
        await using TestNode node = Echo();

        node.Transport.Reply(new(42, ClientRole.Client), "anyone?"u8);
        node.Transport.Flush();

        Assert.Equal(0, node.Transport.FramesDropped);
    }

    private static TestNode Echo()
    {
        TestNode node = TestNode.Start(TestNode.Options(1));
        node.Sink.Answer = (client, bytes) =>
        {
            string text = $"{client}: {Encoding.UTF8.GetString(bytes)}";
            node.Transport.Reply(client, Encoding.UTF8.GetBytes(text));
            node.Transport.Flush();
        };
        return node;
    }

    private ClientConnection Dial(TestNode node, ClusterId cluster)
    {
        ClientConnection client = new(
            new() { Address = node.Address, Cluster = cluster }, _sink);
        client.Start();
        return client;
    }
}
