using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register;

/// <summary>Frames of anyone, to members of per-key Paxos.</summary>
public sealed class RegisterHostileFrameTests : HostileFrameTests
{
    private protected override string NoFrame =>
        $"violated by m2: {RegisterRules.FramesAreMessages}";

    [Fact]
    [Rule(RegisterRules.FramesAreMessages)]
    public void A_frame_has_one_message_at_least()
    {
        foreach (GroupMember victim in Victims())
            Assert.Equal([NoFrame], victim.Receive(2, [RegisterCodec.Version]));
    }

    // The first entry is good, the second is not: none is taken.
    [Fact]
    [Rule(RegisterRules.FramesAreMessages)]
    public void A_frame_is_taken_as_a_whole_or_not_at_all()
    {
        RegisterMember victim = RegisterMember.Of(0, 3);
        byte[] frame = [.. Accept(B(4, 2), "a"), .. Accept(B(5, 1), "b")[1..]];

        Assert.Equal([NoFrame], victim.Receive(2, frame));
        Assert.Equal("", victim.Holds(K));
    }

    [Fact]
    [Rule(RegisterRules.FramesAreMessages)]
    public void A_ballot_of_another_or_beyond_all_reach_is_no_message()
    {
        foreach (GroupMember victim in Victims())
        {
            Assert.Equal([NoFrame], victim.Receive(2, Prepare(B(9, 1))));
            Assert.Equal([NoFrame], victim.Receive(2, Accept(B(9, 1), "x")));
            Assert.Equal([NoFrame], victim.Receive(2, Chosen(B(9, 1))));
            Assert.Equal([NoFrame], victim.Receive(2, Prepare(B(1L << 50, 2))));
            Assert.Equal([NoFrame], victim.Receive(2, Refused(B(2, 0), B(1L << 50, 2))));
            Assert.Equal([NoFrame], victim.Receive(2, Promise(B(2, 0), B(1L << 50, 2), "x")));
        }
    }

    // Whoever accepts in it promises one above.
    [Fact]
    [Rule(RegisterRules.FramesAreMessages)]
    public void The_highest_ballot_that_is_a_message_leaves_a_log_that_can_be_read()
    {
        Ballot highest = B(1L << 48, 2);
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(2, Accept(highest, "a")));
        member.Turn(member.Checkpoint());
        member.Persisted();
        member.Crash();
        member.Restart();

        Ballot next = B((1L << 48) + 1, 2);
        Assert.Equal($"promised {next} accepted {highest} \"a\"", member.Holds(K));
    }

    [Fact]
    [Rule(RegisterRules.PromiseTellsVote)]
    public void A_promise_with_a_vote_that_cannot_be_is_blamed()
    {
        (RegisterMember member, Ballot ballot) = Preparing("a");
        int peer = Peer(member);
        string blamed = $"violated by m{peer}: {RegisterRules.PromiseTellsVote}";

        Assert.Equal([blamed], member.Receive(peer, Promise(ballot, ballot, "x")));
        Assert.Equal([blamed], member.Receive(peer, Frame(new Promise
        {
            Key = K,
            Ballot = ballot,
            Vote = new RegisterVote { Ballot = B(1, peer), IsLeftOut = true },
        })));
    }

    // One that has seen nothing, two that propose, one that reads, and one that is damaged.
    private protected override IEnumerable<GroupMember> Victims()
    {
        yield return RegisterMember.Of(0, 3);
        yield return Preparing("a").Member;
        yield return Accepting("a").Member;

        RegisterMember reader = RegisterMember.Of(0, 3);
        reader.Turn(reader.Read(1, ReadsK));
        yield return reader;

        RegisterMember damaged = RegisterMember.Of(1, 3);
        damaged.Receive(0, Accept(B(4, 0), "a"));
        damaged.Persisted();
        damaged.Crash();
        damaged.Damage(2, 2);
        damaged.Restart();
        damaged.Persisted();
        yield return damaged;
    }

    private protected override IEnumerable<byte[]> Frames() =>
        RegisterWireFormatTests.Messages();

    private protected override byte[] Record() =>
        RegisterScenes.Record(new StateRecord(1, false));
}
