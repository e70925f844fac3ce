using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class OutboxTests
{
    private static readonly MemberSet Peers = MemberSet.All(3).Without(new Member(0));

    private readonly Outbox _outbox = new();

    [Fact]
    public void Records_are_numbered_in_the_order_of_appending()
    {
        _outbox.Resume(new RecordNumber(10));

        Assert.Equal(new RecordNumber(11), _outbox.Persist(new Note(1)));
        Assert.Equal(
            Payload.Logged(new RecordNumber(12), Note.Bytes, 5),
            _outbox.Persist(new Note(2), Payload.Transient(3, 5)));
        Assert.Equal(new RecordNumber(12), _outbox.Appended);
    }

    [Fact]
    public void A_frame_waits_for_all_that_was_appended_before_it()
    {
        _outbox.Send(Peers, new Note(1));
        _outbox.Persist(new Note(2));
        _outbox.Send(Peers, new Note(3));
        _outbox.Persist(new Note(4));

        Assert.Equal([0, 1, 1, 2], Gates());
    }

    [Fact]
    public void A_frame_sent_at_once_waits_for_nothing_and_says_why()
    {
        _outbox.Persist(new Note(1));
        _outbox.SendAtOnce(Peers, new Note(2), "rule");

        Assert.Equal([1, 0], Gates());
        Assert.Equal("rule", _outbox.Effects[1].Rule);
    }

    [Fact]
    public void A_command_is_delivered_when_its_record_is_durable()
    {
        Payload first = _outbox.Persist(new Note(1), Payload.Transient(0, 1));
        Payload second = _outbox.Persist(new Note(2), Payload.Transient(1, 1));
        _outbox.Deliver(second, new RequestId(7));
        _outbox.Deliver(first);

        Assert.Equal([1, 2, 2, 1], Gates());
        Assert.Equal(new RequestId(7), _outbox.Effects[2].Request);
    }

    [Fact]
    public void Bytes_and_payloads_of_each_effect_are_its_own()
    {
        Payload[] payloads = [Payload.Transient(0, 1), Payload.Transient(1, 2)];
        _outbox.Persist(new Note(1));
        _outbox.Send(Peers, new Note(2), payloads);
        _outbox.Send(Peers, new Note(3), payloads.AsSpan(1));

        Assert.Equal([1, 0, 0, 0], _outbox.Bytes(_outbox.Effects[0]).ToArray());
        Assert.Equal([2, 0, 0, 0], _outbox.Bytes(_outbox.Effects[1]).ToArray());
        Assert.Equal(payloads, _outbox.Payloads(_outbox.Effects[1]).ToArray());
        Assert.Equal(payloads[1..], _outbox.Payloads(_outbox.Effects[2]).ToArray());
    }

    [Fact]
    public void A_frame_to_nobody_is_no_effect()
    {
        _outbox.Send(default, new Note(1));

        Assert.True(_outbox.Effects.IsEmpty);
    }

    [Fact]
    public void A_cleared_outbox_goes_on_counting()
    {
        _outbox.Persist(new Note(1));
        _outbox.Clear();
        _outbox.Persist(new Note(2));

        Assert.Equal([2], Gates());
        Assert.Equal([2, 0, 0, 0], _outbox.Bytes(_outbox.Effects[0]).ToArray());
    }

    [Fact]
    public void In_steady_state_nothing_is_allocated()
    {
        Payload[] payloads = [Payload.Transient(0, 1), Payload.Transient(1, 2)];
        Fill(payloads);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < 1000; turn++)
            Fill(payloads);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Fill(Payload[] payloads)
    {
        for (int record = 0; record < 20; record++)
        {
            Payload logged = _outbox.Persist(new Note(record), payloads[0]);
            _outbox.SendAtOnce(Peers, new Note(record), "rule", payloads);
            _outbox.Send(Peers, new Note(record), payloads);
            _outbox.Deliver(logged, new RequestId(record));
            _outbox.ReadReady(new RequestId(record));
            _outbox.WakeAt(new Instant(record));
        }

        _outbox.Clear();
    }

    private long[] Gates()
    {
        List<long> gates = [];
        foreach (ref readonly Effect effect in _outbox.Effects)
            gates.Add(effect.Record.Number);
        return [.. gates];
    }

    private readonly record struct Note(int Number) : IWire
    {
        public const int Bytes = sizeof(int);

        public void WriteTo(FrameBuffer buffer) => buffer.WriteInt32(Number);
    }
}
