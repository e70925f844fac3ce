using System.Buffers;
using Synod.Abstractions;
using Synod.Adapters.Tests.Storage;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

public sealed class NodeLivenessTests : ITransport, ITransportSink
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static readonly PeerIdentity Peer =
        new(new MemberIdentity(new NodeId(2), new Incarnation(7)), new Boot(3));

    private readonly ManualClock _clock = new();
    private readonly List<string> _said = [];
    private readonly NodeLiveness _liveness;
    private TaskCompletionSource? _room;
    private Instant _theirs = new(1);
    private double _rate = 1;

    public NodeLivenessTests() => _liveness = new NodeLiveness(
        new NodeLivenessOptions(),
        new LivenessPorts(_clock, this, this, (peer, isHeard) =>
            _said.Add($"{peer.Member.Node} {(isHeard ? "heard" : "silent")}")));

    int ITransport.FrameBytesMax => 100;

    [Fact]
    [Feature("B26")]
    public void A_connected_peer_that_is_silent_is_down_and_up_when_it_is_heard_again()
    {
        _liveness.PeerUp(Peer, Interval);
        Pass(3, isHeard: true);
        Pass(4, isHeard: false);
        Assert.Equal(["up n2"], News());

        Pass(1, isHeard: false);
        Assert.Equal(["n2 silent", "down n2"], News());
        Pass(20, isHeard: false);
        Pass(1, isHeard: true);

        Assert.Equal(["n2 heard", "up n2"], News());
    }

    [Fact]
    [Feature("B26")]
    public void A_connection_that_breaks_is_told_once_and_not_again_as_silence()
    {
        _liveness.PeerUp(Peer, Interval);
        _liveness.PeerDown(Peer.Member.Node);
        Pass(20, isHeard: true);
        Assert.Equal(["up n2", "down n2"], News());

        _liveness.PeerUp(Peer, Interval);
        Pass(20, isHeard: false);
        _liveness.PeerDown(Peer.Member.Node);
        _liveness.PeerUp(Peer, Interval);

        Assert.Equal(["up n2", "n2 silent", "down n2", "up n2"], News());
    }

    [Fact]
    public void A_ping_leaves_to_every_connected_peer_while_this_node_lives()
    {
        _liveness.Beat(isAlive: true);
        Assert.Empty(_said);
        _liveness.PeerUp(Peer, Interval);
        News();

        _liveness.Beat(isAlive: true);
        _liveness.Beat(isAlive: false);

        Assert.Equal(["ping n2"], _said);
    }

    [Fact]
    public void Whoever_stood_still_itself_or_whose_clock_has_jumped_blames_nobody()
    {
        _liveness.PeerUp(Peer, Interval);
        Pass(1, isHeard: true);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Pass(2, isHeard: true);

        Assert.Equal(["up n2"], News());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_whose_clock_stands_still_or_crawls_is_not_heard(bool isStill)
    {
        _liveness.PeerUp(Peer, Interval);
        Pass(1, isHeard: true);
        _rate = isStill ? 0 : 0.45;
        Pass(6, isHeard: true);
        Assert.Equal(["up n2", "n2 silent", "down n2"], News());

        _rate = 0.55;
        Pass(1, isHeard: true);

        Assert.Equal(["n2 heard", "up n2"], News());
    }

    [Fact]
    public void A_ping_of_another_process_says_nothing_of_the_one_that_is_connected()
    {
        _liveness.PeerUp(Peer, Interval);
        for (int beat = 0; beat < 6; beat++)
        {
            Pass(1, isHeard: false);
            Receive(Peer with { Boot = new Boot(2) });
        }

        Assert.Equal(["up n2", "n2 silent", "down n2"], News());
    }

    [Fact]
    public async Task While_this_node_does_not_read_what_a_peer_sends_the_peer_is_not_silent()
    {
        _liveness.PeerUp(Peer, Interval);
        _room = new TaskCompletionSource();
        Task reading =
            _liveness.PeerFrame(Peer, new ReadOnlySequence<byte>(new byte[30])).AsTask();

        Pass(20, isHeard: false);
        Assert.Equal(["up n2"], News());
        _room.SetResult();
        await reading;
        Pass(6, isHeard: false);

        Assert.Equal(["n2 silent", "down n2"], News());
    }

    [Theory]
    [InlineData(9, 500)]
    [InlineData(100, 299)]
    [InlineData(100, 3_600_001)]
    [InlineData(60_001, 300_000)]
    public void Times_out_of_range_are_refused(int interval, int timeout)
    {
        NodeLivenessOptions options = new()
        {
            Interval = TimeSpan.FromMilliseconds(interval),
            Timeout = TimeSpan.FromMilliseconds(timeout),
        };

        Assert.Throws<ArgumentException>(options.Validate);
    }

    void ITransport.Send(NodeId peer, ReadOnlySpan<byte> frame)
    {
        Assert.True(NodePing.TryRead(new ReadOnlySequence<byte>(frame.ToArray()), out _));
        _said.Add($"ping {peer}");
    }

    void ITransport.Reply(ConnectionId client, ReadOnlySpan<byte> frame)
    {
    }

    void ITransport.Flush()
    {
    }

    void ITransportSink.PeerUp(PeerIdentity peer, TimeSpan roundTrip) =>
        _said.Add($"up {peer.Member.Node}");

    void ITransportSink.PeerDown(NodeId peer) => _said.Add($"down {peer}");

    ValueTask ITransportSink.PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame) =>
        _room is null ? default : new ValueTask(_room.Task);

    ValueTask ITransportSink.ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame) =>
        default;

    void ITransportSink.ClientGone(ConnectionId client)
    {
    }

    private void Pass(int intervals, bool isHeard)
    {
        for (int interval = 0; interval < intervals; interval++)
        {
            _clock.Advance(Interval);
            _theirs += Interval * _rate;
            if (isHeard)
                Receive(Peer);
            _liveness.Beat(isAlive: true);
        }
    }

    private void Receive(PeerIdentity from)
    {
        FrameBuffer frame = new();
        new NodePing(_theirs).WriteTo(frame);
        Task taken = _liveness
            .PeerFrame(from, new ReadOnlySequence<byte>(frame.Written.ToArray()))
            .AsTask();
        Assert.True(taken.IsCompletedSuccessfully);
    }

    private string[] News()
    {
        string[] news =
            [.. _said.Where(static line => !line.StartsWith("ping", StringComparison.Ordinal))];
        _said.Clear();
        return news;
    }
}
