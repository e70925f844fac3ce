using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Frames of anyone, to members of Raft.</summary>
public sealed class RaftHostileFrameTests : LeaderHostileFrameTests
{
    private protected override string NoFrame =>
        $"violated by m2: {RaftRules.FramesAreMessages}";

    [Fact]
    public void Entries_of_a_term_above_the_leaders_are_no_log()
    {
        foreach (GroupMember victim in Victims())
        {
            Assert.Equal(
                [NoFrame],
                victim.Receive(2, new Append(3) { Entries = [(4, "x")] }.Frame()));
            Assert.Equal(
                [NoFrame],
                victim.Receive(2, new Append(9) { Entries = [(4, "x"), (3, "y")] }.Frame()));
        }
    }

    [Fact]
    public void A_term_that_leaves_no_room_for_another_is_no_term()
    {
        foreach (GroupMember victim in Victims())
        {
            Assert.Equal([NoFrame], victim.Receive(2, RaftFrames.RequestVote(long.MaxValue)));
            victim.Kernel.Wake(new Turn(victim.Due), victim.Outbox);
        }
    }

    // Found by SYNOD_SEED=1 of HostileFramesTests: after one lie of the highest term that is taken
    // nobody could campaign any more.
    [Fact]
    public void A_term_far_ahead_is_no_term_and_one_that_is_not_leaves_room()
    {
        foreach (GroupMember victim in Victims())
        {
            long near = victim.Kernel.Status.Term + (1L << 32);
            Assert.Equal([NoFrame], victim.Receive(2, RaftFrames.RequestVote(near + 1)));
            Assert.Equal([NoFrame], victim.Receive(2, RaftFrames.Vote(near + 1)));
            Assert.NotEqual([NoFrame], victim.Receive(2, RaftFrames.Vote(near)));
            Assert.NotEqual([NoFrame], victim.Receive(2, RaftFrames.Vote(near + 1)));
        }
    }

    [Fact]
    public void More_entries_than_a_message_may_have_are_no_message()
    {
        (long, string?)[] entries = [.. Enumerable.Repeat((2L, (string?)null), (1 << 16) + 1)];
        foreach (GroupMember victim in Victims())
        {
            Assert.Equal(
                [NoFrame], victim.Receive(2, new Append(3) { Entries = entries }.Frame()));
        }
    }

    private protected override byte[] Lie(SeededRandom random)
    {
        long term = Number(random);
        (long, long) pair = (Number(random), Number(random));
        return random.Below(8) switch
        {
            0 => RaftFrames.RequestVote(term, pair.Item1, pair.Item2),
            1 => RaftFrames.PreVote(term, pair.Item1, pair.Item2),
            2 => RaftFrames.Vote(term, random.Chance(1, 2)),
            3 => RaftFrames.Promise(term, random.Chance(1, 2)),
            4 => random.Chance(1, 2)
                ? RaftFrames.Accepted(term, pair.Item1, Number(random))
                : RaftFrames.Refused(term, Number(random), pair, Number(random)),
            5 => RaftFrames.Encode(new ReadIndex<Term>(new Term(term), Ticket(random))),
            6 => RaftFrames.Encode(new ReadIndexReply<Term>(
                new Term(term),
                Ticket(random),
                new LogIndex(pair.Item1),
                random.Chance(1, 2) ? RejectReason.NotLeader : null)),
            _ => LyingAppend(random, term, pair).Frame(),
        };
    }

    private static Append LyingAppend(SeededRandom random, long term, (long, long) after) =>
        new(term)
        {
            After = after,
            Commit = Number(random),
            Round = Number(random),
            Entries =
            [
                .. Enumerable.Range(0, (int)random.Below(4))
                    .Select(_ => (Number(random), random.Chance(1, 3) ? null : "abc")),
            ],
        };

    private protected override byte[] Record() =>
        RaftFrames.Encode(new VoteRecord(new Term(9), null));

    private protected override IEnumerable<GroupMember> Victims()
    {
        yield return RaftMember.Of(0, 3);
        yield return RaftScenes.Candidate(3);
        yield return RaftScenes.NewLeader(3);
        yield return RaftScenes.Leader(3);
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"), (2, "c"));
        follower.Receive(0, new Append(2) { After = (3, 2), Commit = 2 }.Frame());
        yield return follower;
    }

    private protected override IEnumerable<byte[]> Frames()
    {
        yield return RaftFrames.RequestVote(2, lastIndex: 1, lastTerm: 1);
        yield return RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1);
        yield return RaftFrames.Vote(1);
        yield return RaftFrames.Promise(1);
        yield return RaftFrames.Accepted(1, index: 1);
        yield return RaftFrames.Refused(1, index: 1, hint: (1, 1));
        yield return new Append(2) { After = (1, 1), Entries = [(1, "abc"), (2, null)] }.Frame();
    }
}
