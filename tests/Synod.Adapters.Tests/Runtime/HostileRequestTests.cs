using System.Buffers;
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

    // A whole request with one byte changed, or cut, or with bytes behind it; or noise. The key is
    // another than the one that is counted.
    private static byte[] Broken(SeededRandom random)
    {
        FrameBuffer frame = new();
        RequestKind kind = (RequestKind)(random.Below(6) + 0);
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
