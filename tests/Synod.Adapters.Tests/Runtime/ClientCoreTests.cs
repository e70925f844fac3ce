using System.Buffers.Binary;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

public sealed partial class ClientCoreTests : IClientPort
{
    private static readonly GroupId Group = new(1);
    private readonly List<(int Node, RequestHead Head, CommandIdentity Identity)> _sent = [];
    private readonly Dictionary<long, ResponseKind> _ended = [];
    private readonly List<long> _committed = [];
    private readonly List<long> _certain = [];
    private ClientCore _client;
    private bool _isFull;
    private Instant _now = new(TimeSpan.TicksPerSecond);

    public ClientCoreTests()
    {
        _client = new ClientCore(new ClientCoreOptions(), nodes: 3, seed: 1, this);
        for (int node = 0; node < 3; node++)
            _client.Connected(_now, node, new NodeId((uint)node + 1), default);
    }

    [Fact]
    public void A_hint_is_followed_at_once_and_remembered()
    {
        long call = Submit("k");
        int first = _sent[0].Node;
        int leader = (first + 1) % 3;

        Answer(0, ResponseKind.NotLeader, Bytes((uint)leader + 1));
        Assert.Equal(leader, _sent[1].Node);
        Answer(1, ResponseKind.Applied, []);

        Assert.Equal(ResponseKind.Applied, _ended[call]);
        Submit("k");
        Assert.Equal(leader, _sent[2].Node);
    }

    [Fact]
    public void No_time_is_longer_than_a_day()
    {
        TimeSpan day = TimeSpan.FromDays(1);
        new ClientCoreOptions { Timeout = day, QuorumWait = day, TryTimeout = day }.Validate();
        TimeSpan more = day + TimeSpan.FromTicks(1);

        Assert.All(
            (ClientCoreOptions[])
            [
                new() { Timeout = TimeSpan.MaxValue },
                new() { TryTimeout = more },
                new() { QuorumWait = more },
                new() { BackOffMax = more },
                new() { WatchRenewal = more },
            ],
            static options => Assert.Throws<ArgumentOutOfRangeException>(options.Validate));
    }

    [Fact]
    public void Two_nodes_that_name_each_other_do_not_keep_the_client_busy()
    {
        Submit("k");
        for (int answer = 0; answer < 4; answer++)
        {
            int named = (_sent[^1].Node + 1) % 2;
            Answer(_sent.Count - 1, ResponseKind.NotLeader, Bytes((uint)named + 1));
        }

        Assert.InRange(_sent.Count, 2, 4);
        Assert.True(_client.WakeAt > _now);
    }

    [Fact]
    [Feature("A13")]
    public void While_nobody_leads_nodes_are_asked_again_until_the_call_ends_without_a_leader()
    {
        long call = Submit("k");
        Instant begun = _now;

        while (!_ended.ContainsKey(call))
        {
            int tries = _sent.Count;
            Answer(tries - 1, ResponseKind.NotLeader, Bytes(0u));
            while (_sent.Count == tries && _client.WakeAt != Instant.Never)
            {
                _now = _client.WakeAt;
                _client.Wake(_now);
            }
        }

        ClientCoreOptions options = new();
        Assert.Equal(ResponseKind.NotLeader, _ended[call]);
        Assert.Equal(begun + options.Timeout, _now);
        double most = options.Timeout / options.BackOffMin;
        Assert.InRange(_sent.Count, options.Timeout / (2 * options.BackOffMax), most);
        Assert.Equal(3, _sent.Select(static sent => sent.Node).Distinct().Count());
    }

    [Fact]
    public void An_answer_that_a_client_before_it_is_owed_is_not_taken_for_its_own()
    {
        CallOnce(seed: 2);
        CallOnce(seed: 3);
        Assert.Equal(ResponseKind.Applied, _ended.Single().Value);

        void CallOnce(ulong seed)
        {
            _client = new ClientCore(new ClientCoreOptions(), nodes: 1, seed, this);
            _client.Connected(_now, 0, new NodeId(1), default);
            _ended.Clear();
            Submit("k");
            if (_sent.Count == 2)
                Answer(0, ResponseKind.Refused, []);
            Answer(_sent.Count - 1, ResponseKind.Applied, []);
        }
    }

    [Fact]
    public void A_lost_connection_leads_to_another_try_with_the_same_identity()
    {
        Submit("k");

        _client.Disconnected(_now, _sent[0].Node);

        Assert.Equal(2, _sent.Count);
        Assert.NotEqual(_sent[0].Node, _sent[1].Node);
        Assert.Equal(_sent[0].Identity, _sent[1].Identity);
    }

    [Fact]
    public void A_refusal_after_a_lost_try_does_not_say_that_nothing_happened()
    {
        long call = Submit("k");
        _client.Disconnected(_now, _sent[0].Node);

        Answer(1, ResponseKind.StorageFull, []);
        Assert.Empty(_ended);
        RunOut();

        Assert.Equal(ResponseKind.Unknown, _ended[call]);
    }

    [Fact]
    public void A_refusal_of_the_only_try_is_final()
    {
        long call = Submit("k");

        Answer(0, ResponseKind.StorageFull, []);

        Assert.Equal(ResponseKind.StorageFull, _ended[call]);
    }

    [Fact]
    public void A_command_that_nobody_answers_ends_as_unknown_in_time()
    {
        long call = Submit("k");
        Instant begun = _now;

        RunOut();

        Assert.Equal(ResponseKind.Unknown, _ended[call]);
        Assert.Equal(begun + new ClientCoreOptions().Timeout, _now);
        Assert.True(_sent.Count >= 4);
        Assert.All(_sent, sent => Assert.Equal(_sent[0].Identity, sent.Identity));
    }

    [Fact]
    public void A_node_that_serves_other_calls_is_given_time()
    {
        Submit("a");
        Submit("b");
        WakeAfter(900);
        Answer(1, ResponseKind.Applied, []);

        WakeAfter(900);
        Assert.Equal(2, _sent.Count);
        WakeAfter(101);

        Assert.Equal(3, _sent.Count);
        Assert.Equal(_sent[0].Identity, _sent[2].Identity);
        Assert.NotEqual(_sent[0].Node, _sent[2].Node);
    }

    [Fact]
    public void A_call_does_not_wait_for_ever_because_others_are_served()
    {
        ClientCoreOptions patient = new() { Timeout = TimeSpan.FromMinutes(1) };
        _client = new ClientCore(patient, nodes: 3, seed: 1, this);
        _client.Connected(_now, 0, new NodeId(1), default);
        Submit("a");

        for (int half = 1; half < 20; half++)
        {
            WakeAfter(500);
            Submit("b");
            Answer(half, ResponseKind.Applied, []);
        }

        Assert.Single(_sent, sent => sent.Identity == _sent[0].Identity);
        WakeAfter(500);
        Assert.Equal(_sent[0].Identity, _sent[^1].Identity);
    }

    [Theory]
    [InlineData(RequestKind.LocalQuery, ResponseKind.Applied)]
    [InlineData(RequestKind.Command, ResponseKind.Overloaded)]
    public void What_needs_no_majority_does_not_show_that_a_node_serves(
        RequestKind kind, ResponseKind answer)
    {
        Submit("a");
        WakeAfter(900);
        Submit("b", kind);
        Answer(1, answer, []);

        WakeAfter(100);

        Assert.Equal(_sent[0].Identity, _sent[^1].Identity);
        Assert.Equal(3, _sent.Count);
    }

    [Fact]
    public void Without_any_node_a_command_certainly_did_not_happen()
    {
        for (int node = 0; node < 3; node++)
            _client.Disconnected(_now, node);

        long call = Submit("k");
        RunOut();

        Assert.Empty(_sent);
        Assert.Equal(ResponseKind.Unavailable, _ended[call]);
    }

    // A frame that was dropped in silence was waited for as if the node had it, up to ten tries
    // long, and the node was blamed for it.
    [Fact]
    public void What_a_connection_has_no_room_for_is_sent_there_as_soon_as_there_is()
    {
        Serve();
        int leader = Asked();
        _sent.Clear();
        _isFull = true;
        long first = Submit("k");
        long second = Submit("k");
        Assert.Empty(_sent);

        _isFull = false;
        WakeAfter(10);
        Assert.Equal([(3, 2), (4, 3)], SentSequences());
        Assert.All(_sent, sent => Assert.Equal(leader, sent.Node));
        Answer(0, ResponseKind.Applied, []);
        Answer(1, ResponseKind.Applied, []);
        Assert.Equal(
            (ResponseKind.Applied, ResponseKind.Applied), (_ended[first], _ended[second]));
    }

    [Fact]
    public void What_no_connection_ever_had_room_for_certainly_did_not_happen()
    {
        _isFull = true;
        long call = Submit("k");
        RunOut();

        Assert.Equal(ResponseKind.Unavailable, _ended[call]);
    }

    [Fact]
    public void An_answer_to_a_try_that_is_over_is_ignored()
    {
        long call = Submit("k");
        _client.Disconnected(_now, _sent[0].Node);

        Answer(0, ResponseKind.NotLeader, Bytes(2u));

        Assert.Equal(2, _sent.Count);
        Answer(1, ResponseKind.Applied, []);
        Assert.Equal(ResponseKind.Applied, _ended[call]);
    }

    void IClientPort.Committed(long number, bool isCertain)
    {
        _committed.Add(number);
        if (isCertain)
            _certain.Add(number);
    }

    bool IClientPort.Send(int node, ReadOnlySpan<byte> frame)
    {
        if (_isFull)
            return false;

        FrameReader reader = new(frame);
        RequestHead head = RequestHead.ReadFrom(ref reader);
        if (head.Kind is not (RequestKind.Command or RequestKind.StepwiseCommand))
        {
            _sent.Add((node, head, default));
            return true;
        }

        Envelope envelope = Envelope.ReadFrom(ref reader);
        Assert.True(reader.IsComplete);
        _sent.Add((node, head, envelope.Identity));
        return true;
    }

    void IClientPort.Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
        _ended.Add(number, kind);

    void IClientPort.Watched(in ClientNews news, ReadOnlySpan<byte> answer) =>
        Assert.Fail("Nothing is watched.");

    void IClientPort.WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
        Assert.Fail("Nothing is watched.");

    private static byte[] Bytes(uint node)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, node);
        return bytes;
    }

    private static byte[] Bytes(long last)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, last);
        return bytes;
    }

    private long Submit(string key, RequestKind kind = RequestKind.Command) =>
        _client.Submit(_now, kind, System.Text.Encoding.UTF8.GetBytes(key), "add"u8);

    private void WakeAfter(int milliseconds)
    {
        _now += TimeSpan.FromMilliseconds(milliseconds);
        _client.Wake(_now);
    }

    private void Answer(int sent, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        (int node, RequestHead head, _) = _sent[sent];
        Assert.Equal(Group, head.Group);
        FrameBuffer frame = new();
        new ResponseHead(head.Number, head.Group, kind).WriteTo(frame);
        frame.WriteBytes(bytes);
        _client.Received(_now, node, frame.Written);
    }

    private void RunOut()
    {
        while (_client.WakeAt != Instant.Never)
        {
            _now = _client.WakeAt;
            _client.Wake(_now);
        }
    }
}
