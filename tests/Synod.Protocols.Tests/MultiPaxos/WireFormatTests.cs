using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>What is on wires and disks is written down in WireFormat.txt; a change of a byte is a
/// change of the version. SYNOD_UPDATE=1 rewrites the page.</summary>
public class WireFormatTests
{
    private static readonly ReadTicket Ticket = new((3, 2), 9);

    private static readonly Ballot Seventh = B(7, 2);

    [Fact]
    public void The_bytes_of_every_message_and_record_are_those_written_down() =>
        WirePage.Check(
            "MultiPaxos", Samples(), MultiPaxosMember.Of(0, 3).Kernel.DescribeFrame);

    [Fact]
    public void Every_kind_of_message_and_record_has_a_sample() =>
        WirePage.CheckKinds<MultiPaxosKind>(Samples());

    private static IEnumerable<byte[]> Samples() =>
        [.. PhaseOne(), .. PhaseTwo(), .. Leadership(), .. Records()];

    private static IEnumerable<byte[]> PhaseOne()
    {
        yield return Probe(Seventh, chosen: 300);
        yield return Granted(Seventh);
        yield return ProbeRefused(B(8, 1));
        yield return Prepare(Seventh, from: 301);
        yield return Prepare(Seventh, from: 301, transfer: 1);
        yield return new Report(Seventh)
        {
            From = 301,
            Last = 305,
            Chosen = 301,
            Slots =
            [
                new Told(B(6, 1), "abc") { Origin = B(4, 2) },
                Told.Nothing,
                new Told(B(5, 0), null),
            ],
        }.Frame();
        yield return new Report(Seventh) { Health = KernelHealth.Damaged }.Frame();
        yield return Nack(B(8, 1));
    }

    private static IEnumerable<byte[]> PhaseTwo()
    {
        Proposal beat = new(Seventh)
        {
            First = 303,
            Base = 290,
            Chosen = 299,
            Last = 302,
            Round = 5,
        };
        yield return beat.Frame();
        yield return (beat with { TransfersOver = 2, Damage = 258 }).Frame();
        yield return (beat with { Last = null, Commands = ["abc", null] }).Frame();
        yield return (beat with { Last = null, Commands = ["abc"], Origin = B(6, 0) }).Frame();
        yield return (beat with { Chosen = 302, Rests = true }).Frame();
        yield return Accepted(Seventh, through: 302, round: 5);
        yield return Accepted(Seventh, through: 302, round: 5, (258, KernelHealth.Damaged));
        yield return AcceptedFull(Seventh, through: 302);
        yield return AcceptedBelow(Seventh, through: 302, last: 310);
        yield return Lacking(Seventh, through: 299, before: 302, round: 5);
        yield return Learn(Seventh, from: 301);
        yield return new Lesson(B(8, 1))
        {
            From = 301,
            Chosen = 310,
            Slots = [new Told(B(6, 1), "abc"), new Told(B(7, 2), null)],
        }.Frame();
    }

    private static IEnumerable<byte[]> Leadership()
    {
        yield return TimeoutNow(Seventh, last: 302, transfer: 1);
        yield return Forward(Seventh, tag: 9, "abc");
        yield return Forwarded(Seventh, tag: 9, slot: 303);
        yield return ForwardRefused(Seventh, tag: 9, RejectReason.Overloaded);
        yield return Rouse(Seventh);
        yield return Encode(new ReadIndex<Ballot>(Seventh, Ticket));
        yield return Encode(new ReadIndexReply<Ballot>(Seventh, Ticket, new LogIndex(302), null));
        yield return Encode(
            new ReadIndexReply<Ballot>(Seventh, Ticket, default, RejectReason.Overloaded));
    }

    private static IEnumerable<byte[]> Records()
    {
        LogIndex slot = new(301);
        yield return Encode(new PromiseRecord(Seventh, default));
        MultiPaxosDamage damage = new(258, KernelHealth.Damaged, new LogIndex(299));
        yield return Encode(new PromiseRecord(Seventh, damage, Concludes: true));
        yield return Encode(
            new ValueRecord(slot, B(6, 1), B(6, 1), MultiPaxosValueKind.NoOp, new LogIndex(299)));
        ValueRecord again =
            new(slot, B(6, 1), B(4, 2), MultiPaxosValueKind.Command, new LogIndex(301));
        yield return Encode(again);
        yield return Encode(new BallotRecord(slot, new LogIndex(305), Seventh));
    }
}
