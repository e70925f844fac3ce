using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>What is on wires and disks is written down in WireFormat.txt; a change of a byte is a
/// change of the version. SYNOD_UPDATE=1 rewrites the page.</summary>
public class WireFormatTests
{
    private static readonly InstanceId One = Id(2, 301);

    private static readonly Ballot Seventh = B(7, 2);

    [Fact]
    public void The_bytes_of_every_message_and_record_are_those_written_down() => WirePage.Check(
        "EPaxos", Samples(), EPaxosMember.Of(0, 3).Kernel.DescribeFrame);

    [Fact]
    public void Every_kind_of_message_and_record_has_a_sample() =>
        Assert.Equal(
            Enum.GetValues<EPaxosKind>().Order(),
            Samples().Select(static sample => (EPaxosKind)sample[1]).Distinct().Order());

    /// <summary>Of every message one at least.</summary>
    internal static IEnumerable<byte[]> Messages()
    {
        yield return PreAccept(One, "abc", Cover(3, 0, 9), Footprint.Reads("r"u8).And(L));
        yield return Batch();
        yield return PreAcceptOk(One, Cover(3, 4));
        yield return Accept(One, Seventh, "abc", Cover(3));
        yield return AcceptNoOp(One, Seventh);
        yield return AcceptOk(One, Seventh);
        yield return Commit(One, "abc", Cover(3), Seventh);
        yield return Encode(new Commit
        {
            Id = One,
            Ballot = Seventh,
            Value = Command("abc") with { IsCarried = false },
            Dep = default,
        });
        yield return Recover(One, Seventh);
        yield return Blank(One, Seventh);
        yield return PreAccepted(One, Seventh, "abc", (Cover(1), Cover(2)));
        yield return Accepted(One, (Seventh, B(6, 1)), null);
        yield return Validate(One, Seventh, "abc", Cover(1, 1));
        yield return ValidateOk(
            One, Seventh, new UncoveredInstance(Id(0, 4), true), new(Id(1, 5), false));
        yield return Waiting(One, 2);
        yield return TryRecover(One);
        yield return Nack(One, Seventh);
        yield return Encode(new Frontier(Cover(3), Cover(3, 7), -9, IsAnswer: true));
        yield return Encode(new FetchCommitted([new SlotRange(One, 310)]));
        yield return Encode(new Gather { Ticket = new GatherTicket(3, 2, 9), Footprint = K });
        yield return Gathered(9, Cover(1, 2, 3));
        yield return Encode(new AskUsed(new GatherTicket(3, 2, 9)));
        yield return Used(17);
        yield return Bundle(
            (PreAcceptOk(One, Cover(3)), 0),
            (Commit(One, "abc", Cover(3), Seventh), 3),
            (PreAccept(One, "d"), 1));
        yield return Saved(3, 4);
        yield return Encode(new Truncated(Cover(3)));
    }

    private static IEnumerable<byte[]> Samples()
    {
        foreach (byte[] message in Messages())
            yield return message;
        yield return Encode(new StateRecord(64));
        yield return Encode(new StateRecord(64, KernelHealth.Damaged));
        yield return Encode(new StateRecord(64) { Saved = Cover(3, 4), Truncated = Cover(3) });
        yield return Encode(new TruncatedRecord(new EPaxosConflictsPage(
            Cover(1), Cover(3, 4), [(77, Cover(3), Cover(0, 4))])));
        yield return Encode(new RepairedRecord([(new RecordNumber(3), new RecordNumber(5))]));
        yield return Encode(default(HeldRecord), "abc");
        for (EPaxosKind kind = EPaxosKind.PreAcceptedRecord;
            kind <= EPaxosKind.LearnedRecord;
            kind++)
        {
            InstanceRecord record = new()
            {
                Kind = kind,
                Id = One,
                Ballot = kind == EPaxosKind.PreAcceptedRecord ? Ballot.Zero : Seventh,
                Value = Command("abc"),
                Dep = Cover(3, 4),
                Initial = Cover(3),
            };
            yield return Encode(record, kind == EPaxosKind.PromisedRecord ? "" : "abc");
        }

        foreach (byte[] record in RecordsOfCommandsElsewhere())
            yield return record;
    }

    private static byte[] Batch() => Encode(
        new PreAccept
        {
            Id = One,
            Value = Command("abc", Footprint.Together([L, K.And(L)])) with { Parts = [1, 2] },
            Initial = Cover(3),
        },
        "abc");

    private static IEnumerable<byte[]> RecordsOfCommandsElsewhere()
    {
        yield return Encode(new InstanceRecord
        {
            Kind = EPaxosKind.CommittedRecord,
            Id = One,
            Ballot = Seventh,
            Value = Command("abc") with { IsCarried = false },
            Command = Payload.Logged(new RecordNumber(12), 40, 3),
            Dep = Cover(3, 4),
        });
        yield return Encode(new InstanceRecord
        {
            Kind = EPaxosKind.PreAcceptedRecord,
            Id = One,
            Value = Command("abc") with { IsCarried = false, Parts = [1, 2] },
            Command = new EPaxosCommands(
                default,
                [
                    Payload.Logged(new RecordNumber(12), 2, 1),
                    Payload.Logged(new RecordNumber(13), 2, 2),
                ]),
        });
    }
}
