using System.Buffers;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

public sealed class HostileRequestTests
{
    [Fact]
    public void Ten_thousand_broken_requests_end_no_node_and_change_nothing()
    {
        const ulong Seed = 5;
        SeededRandom random = new(Seed);
        TestCluster cluster = new TestCluster(3).Start();
        TestClient client = cluster.Connect();
        (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
        TestNode leader = cluster.Leader() ?? cluster.Nodes[0];
        using IClientConnection stranger = cluster.Network.Dial(leader.Id, new Deaf());
        stranger.Start();

        for (int request = 0; request < 10_000; request++)
        {
            stranger.Send(Broken(random));
            stranger.Flush();
            if (request % 100 == 0)
                cluster.Step();
        }

        cluster.StepFor(100);
        (kind, byte[] bytes) = cluster.Call(client, RequestKind.Query, "k", new GetValue());
        Assert.Equal(ResponseKind.Applied, kind);
        Assert.Equal(1, BitConverter.ToInt64(bytes));
    }

    [Fact]
    public void A_command_that_is_too_large_is_refused_by_name()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestClient client = cluster.Connect();
        string key = new('k', 70_000);

        (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, key, new Add(1));

        Assert.Equal(ResponseKind.TooLarge, kind);
    }

    [Fact]
    public void A_request_that_cannot_be_made_out_is_answered_with_the_rule_that_it_breaks()
    {
        TestCluster cluster = new TestCluster(1).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode node = cluster.Nodes[0];
        RawClient client = new(cluster, node);

        client.Send([9, 9, 9]);
        client.Send(Request(7, (RequestKind)200, []));
        client.Send(Request(8, RequestKind.Command, [1, 2, 3]));
        client.Send(Request(9, RequestKind.Query, [255, 255, 255, 255]));
        cluster.StepUntil(() => client.Answers.Count == 4);

        string[] rules =
        [
            "a request has a head of this version",
            "a request has a head of this version",
            "a command has an envelope of this version",
            "a query has a sized key",
        ];
        Assert.Equal([0, 7, 8, 9], client.Answers.Keys);
        Assert.All(client.Answers.Values, static answer =>
            Assert.Equal(ResponseKind.Malformed, answer.Kind));
        Assert.Equal(
            rules,
            client.Answers.Values.Select(static answer => Encoding.UTF8.GetString(answer.Bytes)));
        Assert.Equal(rules, node.Notices.Misuses);
    }

    [Fact]
    public void A_frame_of_a_peer_that_no_correct_one_sends_is_told_with_its_rule()
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode node = cluster.Nodes[0];
        TestNode liar = cluster.Nodes[1];
        EpochId epoch = node.Notices.Epoch?.Id ?? default;

        liar.Send(node.Id, [7, 7]);
        liar.Send(node.Id, Frame(NodeFrameKind.Kernel, epoch, [1]));
        liar.Send(node.Id, Frame(NodeFrameKind.Kernel, epoch, [1, 0, 0, 0, 99]));
        liar.Send(node.Id, Frame(NodeFrameKind.CreatedOther, epoch, [9]));
        liar.Send(node.Id, Frame(NodeFrameKind.Create, epoch, [9]));
        cluster.StepUntil(() => node.Notices.Violations.Count == 5);

        Assert.All(
            node.Notices.Violations, static line => Assert.StartsWith("n2: ", line));
        Assert.Equal(5, node.Notices.Violations.Distinct().Count());
    }

    private static byte[] Frame(NodeFrameKind kind, EpochId epoch, byte[] rest)
    {
        FrameBuffer frame = new();
        new NodeFrame(kind, new GroupId(1), epoch).WriteTo(frame);
        frame.WriteBytes(rest);
        return frame.Written.ToArray();
    }

    private static byte[] Request(long number, RequestKind kind, byte[] rest)
    {
        FrameBuffer frame = new();
        new RequestHead(number, new GroupId(1), kind).WriteTo(frame);
        frame.WriteBytes(rest);
        return frame.Written.ToArray();
    }

    // A whole request with one byte changed, or cut, or with bytes behind it; or noise. The key is
    // another than the one that is counted.
    private static byte[] Broken(SeededRandom random)
    {
        FrameBuffer frame = new();
        RequestKind kind = (RequestKind)(random.Below(10) + 0);
        new RequestHead(random.Below(3), new GroupId((ulong)random.Below(3)), kind).WriteTo(frame);
        FrameBuffer command = new();
        new Counter().Encode(new Add(1_000), command);
        new Envelope
        {
            Identity = new CommandIdentity(new SessionId(0, random.NextBits()), 1, 0),
            Acknowledged = 0,
            Key = "other"u8,
            Command = command.Written,
        }.WriteTo(frame);
        byte[] bytes = frame.Written.ToArray();
        switch (random.Below(4))
        {
            case 0:
                bytes[random.Below(20)] = (byte)random.Below(256);
                return bytes;
            case 1:
                return bytes[..(int)random.Below(bytes.Length)];
            case 2:
                return [.. bytes, .. BitConverter.GetBytes(random.NextBits())];
            default:
                return [.. Enumerable.Range(0, (int)random.Below(99) + 1)
                    .Select(_ => (byte)random.Below(256))];
        }
    }

    private sealed class Deaf : IClientSink
    {
        public void Connected(in Greeting greeting)
        {
        }

        public ValueTask Frame(in ReadOnlySequence<byte> frame) => ValueTask.CompletedTask;

        public void Closed(in Closure closure)
        {
        }
    }
}
