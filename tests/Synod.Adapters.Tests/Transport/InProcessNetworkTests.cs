using System.Text;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public class InProcessNetworkTests
{
    private readonly TestSink _one = new();
    private readonly TestSink _two = new();
    private readonly TestSink _three = new();

    [Fact]
    public void A_flush_delivers_what_was_sent_in_order()
    {
        InProcessNetwork network = new();
        InProcessTransport one = Join(network, 1, _one);
        Join(network, 2, _two);

        one.Send(new(2), "a"u8);
        one.Send(new(2), "b"u8);
        Assert.Empty(_two.PeerTexts());
        one.Flush();

        Assert.Equal(["a", "b"], _two.PeerTexts());
        Assert.Equal(TestNode.Identity(1), _two.Peers.All[0].From);
        Assert.Equal(["up n2 boot 1"], _one.News.All);
        Assert.Equal(["up n1 boot 1"], _two.News.All);
    }

    [Fact]
    public void A_test_can_deliver_frame_by_frame()
    {
        InProcessNetwork network = new() { IsStepwise = true };
        InProcessTransport one = Join(network, 1, _one);
        Join(network, 2, _two);
        one.Send(new(2), "a"u8);
        one.Send(new(2), "b"u8);
        one.Flush();

        Assert.Equal(2, network.InFlight);
        Assert.True(network.DeliverNext());
        Assert.Equal(["a"], _two.PeerTexts());
        network.DeliverAll();

        Assert.Equal(["a", "b"], _two.PeerTexts());
        Assert.False(network.DeliverNext());
    }

    [Fact]
    [Feature("D03")]
    public void A_link_is_cut_and_healed_in_one_direction()
    {
        InProcessNetwork network = new() { IsStepwise = true };
        InProcessTransport one = Join(network, 1, _one);
        InProcessTransport two = Join(network, 2, _two);
        one.Send(new(2), "under way"u8);
        one.Flush();

        network.Cut(new(1), new(2));
        one.Send(new(2), "lost"u8);
        two.Send(new(1), "the other way"u8);
        one.Flush();
        two.Flush();
        network.Heal(new(1), new(2));
        one.Send(new(2), "healed"u8);
        one.Flush();
        network.DeliverAll();

        Assert.Equal(["healed"], _two.PeerTexts());
        Assert.Equal(["the other way"], _one.PeerTexts());
        Assert.Equal(["up n2 boot 1", "down n2", "up n2 boot 1"], _one.News.All);
        Assert.Equal(["up n1 boot 1"], _two.News.All);
    }

    [Fact]
    public void A_node_that_stops_is_down_for_its_peers_and_up_when_it_is_back()
    {
        InProcessNetwork network = new();
        Join(network, 1, _one);
        InProcessTransport two = Join(network, 2, _two);

        two.Dispose();
        InProcessTransport again = network.Join(TestNode.Identity(2, boot: 2));
        again.Start(_three);

        Assert.Equal(["up n2 boot 1", "down n2", "up n2 boot 2"], _one.News.All);
        Assert.Equal(["up n1 boot 1"], _two.News.All);
        Assert.Equal(["up n1 boot 1"], _three.News.All);
    }

    [Fact]
    public void Two_living_nodes_of_one_name_are_refused()
    {
        InProcessNetwork network = new();
        Join(network, 1, _one);

        Assert.Throws<ArgumentException>(() => network.Join(TestNode.Identity(1)));
    }

    [Fact]
    [Feature("D03")]
    public void Faults_drop_duplicate_and_delay_by_the_seed()
    {
        string[] first = [.. DeliverNumbers(seed: 7)];

        Assert.Equal(first, DeliverNumbers(seed: 7));
        Assert.NotEqual(first, DeliverNumbers(seed: 8));
        Assert.InRange(first.Distinct().Count(), 850, 950);
        Assert.InRange(first.Length - first.Distinct().Count(), 50, 150);
        Assert.NotEqual(first.Order(StringComparer.Ordinal), first);
    }

    [Fact]
    public void A_delayed_frame_is_overtaken_by_no_more_than_was_said()
    {
        InProcessFaults faults = new() { DelayPerMille = 500, DelayDeliveriesMax = 3 };

        int[] numbers =
            [.. Deliver(new(1) { IsStepwise = true, Faults = faults }).Select(int.Parse)];

        Assert.Equal(1000, numbers.Distinct().Count());
        Assert.Contains(
            numbers.Zip(numbers.Skip(1)), static pair => pair.First > pair.Second);
    }

    [Fact]
    public async Task A_receiver_that_takes_its_time_is_not_given_more()
    {
        InProcessNetwork network = new();
        InProcessTransport one = Join(network, 1, _one);
        InProcessTransport two = Join(network, 2, _two);
        TaskCompletionSource gate = new();
        _two.Gate = gate.Task;
        one.Send(new(2), "first"u8);
        one.Send(new(2), "waits"u8);
        one.Flush();
        two.Send(new(1), "others go on"u8);
        two.Flush();

        Assert.Equal(["first"], _two.PeerTexts());
        Assert.Equal(["others go on"], _one.PeerTexts());
        gate.SetResult();

        await _two.Peers.CountAsync(2);
        Assert.Equal(["first", "waits"], _two.PeerTexts());
    }

    [Fact]
    public async Task A_client_is_answered_and_sees_its_node_stop()
    {
        InProcessNetwork network = new() { Cluster = TestNode.Cluster };
        InProcessTransport one = Join(network, 1, _one);
        _one.Answer = (client, bytes) =>
        {
            one.Reply(client, Encoding.UTF8.GetBytes($"{client} said {bytes.Length} bytes"));
            one.Flush();
        };
        TestClientSink sink = new();
        using IClientConnection client = network.Dial(new(1), sink);

        client.Start();
        client.Send("four"u8);
        client.Flush();
        one.Dispose();

        Assert.Equal(TestNode.Identity(1), (await sink.ConnectedAsync).Node);
        Assert.Equal(["c1 said 4 bytes"], sink.Frames.All);
        Assert.Equal(new(RefusalCode.None, "n1 is gone"), await sink.ClosedAsync);
        Assert.False(client.Send("too late"u8));
        Assert.Empty(_one.News.All);
    }

    [Fact]
    public async Task A_client_that_closes_is_gone_for_the_node()
    {
        InProcessNetwork network = new();
        Join(network, 1, _one);
        TestClientSink sink = new();
        IClientConnection client = network.Dial(new(1), sink);
        client.Start();

        client.Dispose();

        Assert.Equal(["gone c1"], _one.News.All);
        Assert.Equal("the client closed the connection", (await sink.ClosedAsync).Text);
    }

    [Fact]
    public async Task A_client_of_a_node_that_is_not_there_is_told_so()
    {
        InProcessNetwork network = new();
        TestClientSink sink = new();
        using IClientConnection client = network.Dial(new(4), sink);

        client.Start();

        Assert.Equal(new(RefusalCode.None, "n4 is not there"), await sink.ClosedAsync);
    }

    private static InProcessTransport Join(InProcessNetwork network, uint number, TestSink sink)
    {
        InProcessTransport transport = network.Join(TestNode.Identity(number));
        transport.Start(sink);
        return transport;
    }

    private static IEnumerable<string> DeliverNumbers(ulong seed)
    {
        InProcessNetwork network = new(seed)
        {
            IsStepwise = true,
            Faults = new() { DropPerMille = 100, DuplicatePerMille = 100, DelayPerMille = 100 },
        };
        return Deliver(network);
    }

    private static IEnumerable<string> Deliver(InProcessNetwork network)
    {
        TestSink sink = new();
        InProcessTransport one = Join(network, 1, new TestSink());
        Join(network, 2, sink);
        for (int number = 0; number < 1000; number++)
            one.Send(new(2), Encoding.UTF8.GetBytes($"{number}"));
        one.Flush();
        network.DeliverAll();
        return sink.PeerTexts();
    }
}
