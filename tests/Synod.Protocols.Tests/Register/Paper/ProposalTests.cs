using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register.Paper;

/// <summary>The proposer of a key (protocols §4.1, §4.4).</summary>
public class ProposalTests
{
    [Fact]
    [Feature("A04")]
    [Rule(RegisterRules.AsksNeedNoVote)]
    [Rule(RegisterRules.DurableBeforeAnswer)]
    public void A_command_takes_two_rounds_where_no_ballot_is_known()
    {
        int self = OtherThanOwner(3);
        RegisterMember member = RegisterMember.Of(self, 3);
        Ballot ballot = B(2, self);

        Assert.Equal(
            [
                $"persist r2 k{K:x} promised {ballot}",
                $"send {Others(self)} Prepare k{K:x} {ballot} have b0 gate r1",
            ],
            member.Turn(member.Propose(1, "a", WritesK)));
        Assert.Empty(member.Flushed());
        Assert.Equal(
            [
                $"evaluate q1 k{K:x} {ballot} [0]",
                $"persist r3 k{K:x} accepted {ballot} [5]",
                $"send {Others(self)} Accept k{K:x} {ballot} [5] gate r1",
            ],
            member.Turn(member.Receive(Peer(member), Promise(ballot))));
        Assert.Empty(member.Flushed());
        Assert.Equal(
            [
                $"persist r4 k{K:x} chosen {ballot}",
                $"learned k{K:x} {ballot} [5]",
                "done q1",
                $"send {Others(self)} Chosen k{K:x} {ballot} at once",
            ],
            member.Turn(member.Receive(Peer(member), Accepted(ballot))));
        Assert.Equal("a", member.Knows(K));
    }

    [Fact]
    [Rule(RegisterRules.DurableBeforeAnswer)]
    public void The_own_promise_and_the_own_vote_count_when_they_are_durable()
    {
        int self = OtherThanOwner(3);
        RegisterMember member = RegisterMember.Of(self, 3);
        Ballot ballot = B(2, self);
        member.Turn(member.Propose(1, "a", WritesK));

        SaysNot(member.Turn(member.Receive(Peer(member), Promise(ballot))), "evaluate");
        Says(member.Flushed(), "evaluate q1");
        SaysNot(member.Turn(member.Receive(Peer(member), Accepted(ballot))), "done");
        Says(member.Flushed(), "done q1");
    }

    [Fact]
    [Rule(RegisterRules.FirstBallotIsOwned)]
    public void The_owner_of_a_new_key_takes_one_round_in_the_first_life_and_in_no_other()
    {
        int self = OwnerOfK(3);
        RegisterMember owner = RegisterMember.Of(self, 3);

        // Nothing of it leaves before a later life can know that there was a first one.
        Says(owner.Turn(owner.Propose(1, "a", WritesK)), "Accept", $"{B(1, self)}", "gate r1");
        owner.Persisted();
        owner.Crash();
        owner.Restart();

        Footprint other = Footprint.Writes("another"u8);
        string[] lines = owner.Turn(owner.Propose(2, "b", other), owner.Propose(3, "c", WritesK));
        SaysNot(lines, "Accept");
        Says(lines, "Prepare", $"k{K:x} b65538.m{self}");
    }

    [Fact]
    [Rule(RegisterRules.FirstBallotIsOwned)]
    public void Round_1_of_another_is_no_message()
    {
        int self = OwnerOfK(3);
        RegisterMember owner = RegisterMember.Of(self, 3);

        Assert.Equal(
            [$"violated by m{Peer(owner)}: {RegisterRules.FramesAreMessages}"],
            owner.Receive(Peer(owner), Accept(B(1, Peer(owner)), "x")));
    }

    [Fact]
    [Rule(RegisterRules.AcceptPromisesNext)]
    public void After_a_ballot_the_next_one_of_the_same_proposer_takes_one_round()
    {
        (RegisterMember member, Ballot ballot) = Accepting("a");
        member.Turn(member.Receive(Peer(member), Accepted(ballot)));
        Ballot next = B(3, member.Self.Index);

        string[] lines = member.Turn(member.Propose(2, "b", WritesK));
        Says(lines, "evaluate q2", $"{next} [5]");
        Says(lines, "Accept", $"{next} [10]");
        SaysNot(lines, "Prepare");

        member.Flushed();
        Says(member.Turn(member.Receive(Third(member), Accepted(next))), "done q2");
        Assert.Equal("a b", member.Knows(K));
    }

    [Fact]
    [Rule(RegisterRules.AcceptPromisesNext)]
    public void A_rival_ends_the_right_to_go_on_without_asking()
    {
        (RegisterMember member, Ballot ballot) = Accepting("a");
        member.Turn(member.Receive(Peer(member), Accepted(ballot)));
        member.Turn(member.Receive(Third(member), Prepare(B(9, Third(member)))));

        string[] lines = member.Turn(member.Propose(2, "b", WritesK));
        Says(lines, "Prepare", $"b10.m{member.Self.Index}");
        SaysNot(lines, "evaluate");
    }

    [Fact]
    [Rule(RegisterRules.HighestVoteIsState)]
    [Rule(RegisterRules.BeginsAreFinished)]
    public void The_highest_vote_of_a_majority_is_the_state_that_a_ballot_goes_on_from()
    {
        int self = 4;
        RegisterMember member = RegisterMember.Of(self, 5);
        member.Turn(member.Propose(1, "mine", WritesK));
        Ballot ballot = B(2, self);
        member.Flushed();
        member.Receive(0, Promise(ballot, B(1, 1), "low"));

        string[] lines = member.Turn(member.Receive(2, Promise(ballot, B(2, 3), "high", "est")));
        Says(lines, $"Accept k{K:x} {ballot}");
        Assert.Equal(
            $"promised {B(3, self)} accepted {ballot} \"high est mine\"", member.Holds(K));
    }

    // protocols §4.1: a1 has v at 1, a2 v at 3, a3 w at 2.
    [Fact]
    [Rule(RegisterRules.ChosenInOneBallot)]
    public void The_same_state_of_a_majority_in_several_ballots_is_not_chosen()
    {
        int self = 4;
        RegisterMember member = RegisterMember.Of(self, 5);
        member.Turn(member.Read(1, ReadsK));

        member.Receive(0, Answer(1, B(2, 0), false, "v"));
        member.Receive(1, Answer(1, B(3, 1), false, "v"));
        string[] lines = member.Turn(member.Receive(2, Answer(1, B(4, 2), false, "v")));
        SaysNot(lines, "read-ready");
        Assert.Equal("", member.Knows(K));
    }

    [Fact]
    [Rule(RegisterRules.EvaluatedOncePerBallot)]
    public void All_that_waits_goes_into_one_ballot_each_on_what_the_one_before_has_made()
    {
        (RegisterMember member, Ballot ballot) = Preparing("a", "b", "c");

        string[] lines = member.Turn(member.Receive(Peer(member), Promise(ballot)));
        Says(lines, "evaluate q1", "[0]");
        Says(lines, "evaluate q2", "[5]");
        Says(lines, "evaluate q3", "[10]");
        Says(lines, "Accept", $"{ballot} [15]");

        member.Flushed();
        lines = member.Turn(member.Receive(Peer(member), Accepted(ballot)));
        Assert.Equal(["done q1", "done q2", "done q3"], lines.Where(static line =>
            line.StartsWith("done", StringComparison.Ordinal)));
    }

    [Fact]
    [Rule(RegisterRules.EvaluatedOncePerBallot)]
    [Rule(RegisterRules.AnsweredWhenChosen)]
    [Rule(RegisterRules.RivalsGiveWay)]
    public void A_command_that_lost_its_ballot_runs_again_above_the_rival()
    {
        (RegisterMember member, Ballot ballot) = Accepting("a");
        Ballot rival = B(7, Peer(member));

        Assert.Empty(member.Turn(member.Receive(Peer(member), Refused(ballot, rival))));
        Assert.Empty(member.Turn(member.Receive(Third(member), Refused(ballot, rival))));
        member.Now = member.Due;
        Says(member.Turn(member.Wake()), "Prepare", $"b8.m{member.Self.Index}");

        // What the rival has finished had the command in it: it does nothing a second time.
        member.Flushed();
        Ballot again = B(8, member.Self.Index);
        string[] lines = member.Turn(
            member.Receive(Peer(member), Promise(again, rival, "a", "theirs")));
        Says(lines, "evaluate q1", $"{again} [15]");
        Says(lines, "Accept", $"{again} [15]");
        member.Flushed();
        Says(member.Turn(member.Receive(Peer(member), Accepted(again))), "done q1");
        Assert.Equal("a theirs", member.Knows(K));
    }

    [Fact]
    [Rule(RegisterRules.RivalsGiveWay)]
    public void A_ballot_that_a_majority_can_still_follow_goes_on()
    {
        (RegisterMember member, Ballot ballot) = Accepting("a");

        member.Turn(member.Receive(Peer(member), Refused(ballot, B(7, Peer(member)))));
        Says(member.Turn(member.Receive(Third(member), Accepted(ballot))), "done q1");
    }

    // A copy of the question comes after the proposal, and is refused: it is below the next ballot,
    // which is promised by then.
    [Fact]
    [Rule(RegisterRules.RivalsGiveWay)]
    public void Who_has_accepted_is_not_lost_by_a_late_refusal()
    {
        const int self = 4;
        RegisterMember member = RegisterMember.Of(self, 5);
        member.Turn(member.Propose(1, "a", WritesK));
        Ballot ballot = B(2, self);
        member.Flushed();
        member.Turn(member.Receive(0, Promise(ballot)), member.Receive(1, Promise(ballot)));
        member.Flushed();
        byte[] refused = Refused(ballot, B(3, self));
        member.Turn(
            member.Receive(0, Accepted(ballot)),
            member.Receive(0, refused),
            member.Receive(1, refused),
            member.Receive(2, Refused(ballot, B(9, 2))));

        Says(member.Turn(member.Receive(1, Accepted(ballot))), "done q1");
    }

    [Fact]
    [Rule(RegisterRules.RoundsAreReserved)]
    public void Beyond_what_is_reserved_nothing_leaves_before_more_is()
    {
        (RegisterMember member, Ballot ballot) = Preparing("a");
        Ballot far = B(100_000, Peer(member));
        member.Turn(
            member.Receive(Peer(member), Refused(ballot, far)),
            member.Receive(Third(member), Refused(ballot, far)));
        member.Now = member.Due;

        string[] lines = member.Turn(member.Wake());
        Says(lines, "persist r3 rounds 165537");
        Says(lines, "Prepare", "b100001", "gate r3");
    }

    [Fact]
    [Feature("A11")]
    [Rule(RegisterRules.NoQuorumAtOnce)]
    public void Without_a_majority_what_was_not_proposed_is_refused_and_the_rest_may_happen()
    {
        (RegisterMember member, _) = Accepting("a");
        member.Propose(2, "b", WritesK);
        member.PeerDown(Peer(member));

        Assert.Equal(["abandon q1", "reject q2 NoQuorum"], member.PeerDown(Third(member)));
        Assert.Equal(["reject q3 NoQuorum"], member.Propose(3, "c", WritesK));
        Assert.Equal(["reject q4 NoQuorum"], member.Read(4, ReadsK));
        member.PeerUp(Peer(member));
        Says(member.Turn(member.Propose(5, "d", WritesK)), "Prepare");
    }

    [Fact]
    public void What_is_not_about_one_key_is_refused()
    {
        RegisterMember member = RegisterMember.Of(0, 3);

        Assert.Equal(["reject q1 NotOneKey"], member.Propose(1, "a", Footprint.Universal));
        Assert.Equal(["reject q2 NotOneKey"], member.Read(2, Footprint.Universal));
        Assert.Equal(
            ["reject q3 NotOneKey"],
            member.Propose(3, "a", WritesK.And(Footprint.Writes("l"u8))));
    }

    [Fact]
    [Rule(RegisterRules.FullIsSlow)]
    public void A_full_disk_takes_no_command_and_near_its_end_no_part()
    {
        RegisterMember member = RegisterMember.Of(OtherThanOwner(3), 3);
        member.Pressure(StoragePressure.High);
        Assert.Equal(["reject q1 StorageFull"], member.Propose(1, "a", WritesK));
        Ballot ballot = B(2, Peer(member));
        Says(member.Turn(member.Receive(Peer(member), Prepare(ballot))), "Promise");

        member.Pressure(StoragePressure.Full);
        Assert.Empty(member.Turn(member.Receive(Peer(member), Accept(ballot, "a"))));
    }

    [Fact]
    public void Keys_of_one_turn_share_a_frame()
    {
        RegisterMember member = RegisterMember.Of(0, 5);
        Footprint other = Footprint.Writes("another"u8);

        string[] lines = member.Turn(
            member.Propose(1, "a", WritesK), member.Propose(2, "b", other));
        string frame = Says(lines, "send {m1,m2,m3,m4}");
        Assert.Contains($"k{K:x}", frame, StringComparison.Ordinal);
        Assert.Contains($"k{other.KeyAt(0):x}", frame, StringComparison.Ordinal);
    }

    private static string Others(int self) =>
        MemberSet.All(3).Without(new Member((byte)self)).ToString();
}
