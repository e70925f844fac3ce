using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register;

/// <summary>What is on wires and disks is written down in WireFormat.txt; a change of a byte is a
/// change of the version. SYNOD_UPDATE=1 rewrites the page.</summary>
public class RegisterWireFormatTests
{
    private static readonly Ballot Seventh = B(7, 2);

    [Fact]
    public void The_bytes_of_every_message_and_record_are_those_written_down() => WirePage.Check(
        "Register", Samples(), RegisterMember.Of(0, 3).Kernel.DescribeFrame);

    [Fact]
    public void Every_kind_of_message_and_record_has_a_sample() =>
        Assert.Equal(
            Enum.GetValues<RegisterKind>().Order(),
            Samples().Select(static sample => (RegisterKind)sample[1]).Distinct().Order());

    /// <summary>Of every message one at least.</summary>
    internal static IEnumerable<byte[]> Messages()
    {
        yield return Prepare(Seventh, B(6, 1));
        yield return Promise(Seventh);
        yield return Promise(Seventh, B(6, 1), "abc");
        yield return Frame(new Promise
        {
            Key = K,
            Ballot = Seventh,
            Vote = new RegisterVote { Ballot = B(6, 1), IsLeftOut = true },
        });
        yield return Accept(Seventh, "abc");
        yield return Accepted(Seventh);
        yield return Refused(Seventh, B(8, 0));
        yield return Chosen(Seventh);
        yield return Query(301, B(6, 1));
        yield return Nothing(301);
        yield return Answer(301, Seventh, true, "abc");
        byte[] sums = new byte[RegisterState.Parts * sizeof(ulong)];
        sums[9] = 3;
        yield return Frame(new Compare
        {
            Ticket = new RegisterTicket(1, 1, 301),
            First = 5,
            Sums = sums,
        });
        FrameBuffer entries = new();
        entries.WriteUInt64(K);
        entries.WriteInt64(Seventh.Number);
        yield return Frame(new Listing
        {
            Ticket = new RegisterTicket(1, 1, 301),
            Next = 6,
            Entries = entries.Written,
        });
    }

    private static IEnumerable<byte[]> Samples()
    {
        foreach (byte[] message in Messages())
            yield return message;
        yield return Record(new StateRecord(64, IsVoiceless: false));
        yield return Record(new StateRecord(64, IsVoiceless: true));
        yield return Record(new PromisedRecord(K, Seventh));
        yield return Record(new AcceptedRecord
        {
            Key = K,
            Ballot = Seventh,
            State = RegisterMember.StateOf("abc"),
        });
        yield return Record(new ChosenRecord(K, Seventh));
        yield return Record(new KeyRecord
        {
            Key = K,
            Promised = B(8, 1),
            AcceptedIn = Seventh,
            IsChosen = true,
            State = RegisterMember.StateOf("abc"),
        });
    }
}
