using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>What is on wires and disks is written down in WireFormat.txt; a change of a byte is a
/// change of the version. SYNOD_UPDATE=1 rewrites the page.</summary>
public class WireFormatTests
{
    private static readonly ReadTicket Ticket = new((3, 2), 9);

    [Fact]
    public void The_bytes_of_every_message_and_record_are_those_written_down() =>
        WirePage.Check("Raft", Samples(), RaftMember.Of(0, 3).Kernel.DescribeFrame);

    [Fact]
    public void Every_kind_of_message_and_record_has_a_sample() =>
        WirePage.CheckKinds<RaftKind>(Samples());

    private static IEnumerable<byte[]> Samples()
    {
        yield return RaftFrames.RequestVote(7, lastIndex: 300, lastTerm: 6);
        yield return RaftFrames.RequestVote(7, lastIndex: 300, lastTerm: 6, transfer: 1);
        yield return RaftFrames.PreVote(7, lastIndex: 300, lastTerm: 6);
        yield return RaftFrames.Vote(7);
        yield return RaftFrames.Vote(7, isGranted: false);
        yield return RaftFrames.Promise(7);
        yield return new Append(7) { After = (300, 6), Commit = 299, Round = 5 }.Frame();
        yield return new Append(7) { After = (300, 6), TransfersOver = 2 }.Frame();
        yield return
            new Append(7) { After = (300, 6), Entries = [(6, "abc"), (7, null)] }.Frame();
        yield return RaftFrames.Accepted(7, index: 302, round: 5);
        yield return RaftFrames.Accepted(7, index: 302, (2, KernelHealth.Damaged), round: 5);
        yield return RaftFrames.Refused(7, index: 300, hint: (290, 4), round: 5);
        yield return RaftFrames.TimeoutNow(7, last: 302, transfer: 1);
        yield return RaftFrames.Forward(7, tag: 9, "abc");
        yield return RaftFrames.Forwarded(7, tag: 9, index: 303);
        yield return RaftFrames.ForwardRefused(7, tag: 9, RejectReason.Overloaded);
        yield return RaftFrames.Rouse(7);
        yield return
            new Append(7) { After = (302, 7), Commit = 302, Round = 6, Rests = true }.Frame();
        yield return RaftFrames.Encode(new ReadIndex<Term>(new Term(7), Ticket));
        yield return RaftFrames.Encode(
            new ReadIndexReply<Term>(new Term(7), Ticket, new LogIndex(302), null));
        yield return RaftFrames.Encode(
            new ReadIndexReply<Term>(new Term(7), Ticket, default, RejectReason.Overloaded));
        yield return RaftFrames.Encode(new VoteRecord(new Term(7), new Member(2)));
        yield return RaftFrames.Encode(new VoteRecord(new Term(7), null));
        RaftLast last = new(new LogIndex(302), new Term(6));
        RaftDamage damage = new(2, KernelHealth.Damaged, last);
        yield return RaftFrames.Encode(new VoteRecord(new Term(7), null, damage));
        yield return RaftFrames.Encode(Entry(RaftEntryKind.NoOp));
        yield return RaftFrames.Encode(Entry(RaftEntryKind.Command));
    }

    private static EntryRecord Entry(RaftEntryKind kind) =>
        new(new LogIndex(301), new Term(7), kind);
}
