using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register.Paper;

/// <summary>Passive reads (protocols §4.2).</summary>
public class ReadTests
{
    [Fact]
    [Feature("F02")]
    [Rule(RegisterRules.PassiveRead)]
    public void A_read_changes_nothing_at_those_that_are_asked()
    {
        RegisterMember asked = RegisterMember.Of(0, 3);
        asked.Turn(asked.Receive(1, Accept(B(4, 1), "a")));
        asked.Persisted();
        ulong before = asked.Digest();
        RecordNumber records = asked.Appended;

        Assert.Equal(
            [$"send {{m2}} Answer k{K:x} 1.1.7 b4.m1 [5] gate r2"],
            asked.Turn(asked.Receive(2, Query(7))));
        Assert.Equal(before, asked.Digest());
        Assert.Equal(records, asked.Appended);
    }

    [Fact]
    [Feature("F02")]
    [Rule(RegisterRules.NothingIsAnAnswer)]
    public void Where_a_majority_has_nothing_there_is_nothing()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        Assert.Equal(
            [$"send {{m1,m2}} Query k{K:x} 1.1.1 have b0 at once"],
            member.Turn(member.Read(1, ReadsK)));

        Assert.Equal(["read-ready q1"], member.Receive(2, Nothing(1)));
    }

    [Fact]
    [Rule(RegisterRules.PassiveRead)]
    public void What_all_of_a_majority_hold_is_the_state()
    {
        RegisterMember member = RegisterMember.Of(0, 5);
        member.Turn(member.Read(1, ReadsK));

        Assert.Empty(member.Receive(1, Answer(1, B(4, 1), false, "a")));
        Assert.Empty(member.Receive(2, Answer(1, B(4, 1), false, "a")));
        Assert.Equal(
            [$"learned k{K:x} b4.m1 [5]", "read-ready q1"],
            member.Receive(3, Answer(1, B(4, 1), false, "a")));
    }

    [Fact]
    [Rule(RegisterRules.PassiveRead)]
    [Rule(RegisterRules.MajorityAlways)]
    public void The_highest_vote_that_is_known_to_be_chosen_is_the_state_and_never_of_one_alone()
    {
        RegisterMember member = RegisterMember.Of(0, 5);
        member.Turn(member.Read(1, ReadsK));

        Assert.Empty(member.Receive(1, Answer(1, B(4, 1), true, "a")));
        Assert.Equal(
            [$"learned k{K:x} b4.m1 [5]", "read-ready q1"], member.Receive(2, Nothing(1)));
    }

    // The other has accepted something newer: what is known to be chosen may be old.
    [Fact]
    [Rule(RegisterRules.PassiveRead)]
    public void What_is_known_to_be_chosen_below_the_highest_vote_is_no_answer()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Read(1, ReadsK));

        SaysNot(member.Receive(2, Answer(1, B(6, 2), false, "a", "b")), "read-ready");
        SaysNot(member.Receive(1, Answer(1, B(4, 1), true, "a")), "read-ready");
    }

    [Fact]
    [Rule(RegisterRules.MajorityAlways)]
    public void A_member_that_knows_what_is_chosen_asks_a_majority_too()
    {
        (RegisterMember member, Ballot ballot) = Accepting("a");
        member.Turn(member.Receive(Peer(member), Accepted(ballot)));
        member.Flushed();

        string[] lines = member.Turn(member.Read(2, ReadsK));
        Says(lines, "Query", $"have {ballot}");
        SaysNot(lines, "read-ready");
    }

    [Fact]
    [Rule(RegisterRules.DurableBeforeAnswer)]
    public void What_is_accepted_here_counts_when_it_is_durable()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(1, Accept(B(4, 1), "a")));
        member.Turn(member.Read(1, ReadsK));

        SaysNot(member.Receive(1, Answer(1, B(4, 1), false, "a")), "read-ready");
        Says(member.Persisted(), "read-ready q1");
    }

    // P17 of the seed: its get finishes an interrupted round.
    [Fact]
    [Feature("F02")]
    [Rule(RegisterRules.BeginsAreFinished)]
    [Rule(RegisterRules.ReadsJoinLaterBallots)]
    public void A_change_that_stays_half_done_is_finished_by_the_read()
    {
        RegisterMember member = RegisterMember.Of(
            OtherThanOwner(3), 3, new RegisterOptions { ReadTries = 1 });
        (int peer, int third) = (Peer(member), Third(member));
        member.Turn(member.Read(1, ReadsK));
        member.Receive(peer, Answer(1, B(4, peer), false, "a"));
        string[] lines = member.Turn(member.Receive(third, Nothing(1)));
        Ballot ballot = B(2, member.Self.Index);
        Says(lines, "Prepare", $"{ballot}");

        // Its round was below: it finds that out, and what is there.
        Ballot higher = B(6, member.Self.Index);
        member.Turn(
            member.Receive(peer, Refused(ballot, B(5, peer))),
            member.Receive(third, Refused(ballot, B(5, peer))));
        member.Now = member.Due;
        Says(member.Turn(member.Wake()), "Prepare", $"{higher}");
        member.Flushed();
        lines = member.Turn(member.Receive(peer, Promise(higher, B(4, peer), "a")));
        Says(lines, "Accept", $"{higher} [5]");
        member.Flushed();
        Says(member.Turn(member.Receive(peer, Accepted(higher))), "read-ready q1");
        Assert.Equal("a", member.Knows(K));
    }

    [Fact]
    [Rule(RegisterRules.ReadsJoinLaterBallots)]
    public void A_read_is_not_answered_by_a_ballot_that_was_begun_before_it()
    {
        (RegisterMember member, Ballot ballot) = Accepting("a");
        RegisterRound round = member.Kernel.RoundAt(K)!;
        round.AddReader(new RequestId(9));

        string[] lines = member.Turn(member.Receive(Peer(member), Accepted(ballot)));
        Says(lines, "done q1");
        SaysNot(lines, "read-ready");
        Ballot next = B(3, member.Self.Index);
        Says(lines, "Accept", $"{next}");
        member.Flushed();
        Says(member.Turn(member.Receive(Peer(member), Accepted(next))), "read-ready q9");
    }

    [Fact]
    [Rule(RegisterRules.PassiveRead)]
    public void Answers_count_once_and_for_the_life_that_has_asked()
    {
        RegisterMember member = RegisterMember.Of(0, 5);
        member.Turn(member.Read(1, ReadsK));

        Assert.Empty(member.Receive(1, Nothing(1, life: 9)));
        Assert.Empty(member.Receive(1, Nothing(1)));
        Assert.Empty(member.Receive(1, Nothing(1)));
        Assert.Equal(["read-ready q1"], member.Receive(2, Nothing(1)));
    }

    [Fact]
    [Rule(RegisterRules.PassiveRead)]
    public void Who_does_not_answer_is_asked_again()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Read(1, ReadsK));
        member.Now = member.Due;

        string[] lines = member.Turn(member.Wake());
        Says(lines, "send {m1}", "Query");
        Says(lines, "send {m2}", "Query");
    }
}
