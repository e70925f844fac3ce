using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>Ballot 0: what an owner proposes, what others answer, and what is decided by
/// it.</summary>
public class ProposalTests
{
    [Fact]
    [Rule(EPaxosRules.OwnerWritesInParallel)]
    [Rule(EPaxosRules.SlotsAreReserved)]
    public void A_proposal_leaves_behind_the_reservation_of_its_slot_and_beside_its_record()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3);

        string[] first = owner.Propose(1, "a", K);
        Says(first, "persist r1 reserved 16");
        Says(first, "persist r2 pre-accepted m0.1");
        Says(first, "send {m1,m2} PreAccept m0.1", "gate r1");
        Says(owner.Propose(2, "b", K), "PreAccept m0.2 Command(1) dep [1]", "gate r1");
    }

    [Fact]
    [Rule(EPaxosRules.SlotsAreReserved)]
    public void The_next_slots_are_reserved_before_a_proposal_has_to_wait_for_them()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3, new EPaxosOptions { SlotBlock = 4 });
        for (int request = 1; request <= 3; request++)
            owner.Propose(request, "a", K);
        owner.Persisted();

        string[] fourth = owner.Propose(4, "b", K);
        Says(fourth, "persist r5 reserved 8");
        Says(fourth, "PreAccept m0.4", "gate r1");
        Says(owner.Propose(5, "c", K), "PreAccept m0.5", "gate r5");
    }

    [Fact]
    [Rule(EPaxosRules.PreAcceptOnce)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void A_member_adds_the_conflicts_that_it_knows_and_answers_behind_its_record()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(2, PreAccept(Id(2, 1), "x"));

        string[] lines = member.Receive(0, PreAccept(Id(0, 1), "a"));
        Says(lines, "persist r2 pre-accepted m0.1 Command(1) dep [0,0,1] of []");
        Says(lines, "send {m0} PreAcceptOk m0.1 dep [0,0,1] gate r2");
        Assert.Equal(
            ["send {m0} PreAcceptOk m0.1 dep [0,0,1] gate r2"],
            member.Receive(0, PreAccept(Id(0, 1), "a")));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    [InlineData(7, 4)]
    [InlineData(9, 5)]
    [Feature("A21")]
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.CommitIsDurable)]
    public void A_fast_quorum_without_conflicts_decides_in_one_round_trip(int members, int answers)
    {
        EPaxosMember owner = Owner(members, "a");
        for (int member = 1; member < answers; member++)
            SaysNot(owner.Receive(member, PreAcceptOk(Id(0, 1))), "committed");

        string[] lines = owner.Receive(answers, PreAcceptOk(Id(0, 1)));
        Says(lines, "persist r3 committed m0.1 b0");
        Says(lines, "Commit m0.1", "known", "gate r3");
        Says(lines, "deliver", "for q1", "gate r3");
    }

    // The own vote counts like any other: when it is durable, and not before.
    [Fact]
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void An_owner_does_not_count_itself_before_its_flush()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3);
        owner.Propose(1, "a", K);

        SaysNot(owner.Receive(1, PreAcceptOk(Id(0, 1))), "committed");
        SaysNot(owner.Receive(2, PreAcceptOk(Id(0, 1))), "committed");
        Says(owner.Persisted(), "committed m0.1");
    }

    [Fact]
    [Feature("A21")]
    [Rule(EPaxosRules.SlowPath)]
    [Rule(EPaxosRules.SlowQuorum)]
    [Rule(EPaxosRules.ProposalsNeedNoRecord)]
    public void A_conflict_that_the_owner_did_not_know_takes_a_second_round_trip()
    {
        EPaxosMember owner = Owner(3, "a");

        string[] slow = owner.Receive(1, PreAcceptOk(Id(0, 1), Cover(0, 4)));
        Says(slow, "persist r3 accepted m0.1 b0", "dep [0,4]");
        Says(slow, "send {m1} Accept m0.1 b0 Command(1, known) dep [0,4]", "at once");
        Says(slow, "send {m2} Accept m0.1 b0 Command(1) dep [0,4]", "at once");
        SaysNot(owner.Receive(2, PreAcceptOk(Id(0, 1), Cover(0, 9))), "[0,9]");
        SaysNot(owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0))), "committed");
        Says(owner.Persisted(), "committed m0.1 b0 Command(1, known) dep [0,4]");
    }

    [Fact]
    [Rule(EPaxosRules.SlowPath)]
    public void Of_seven_a_slow_quorum_that_agrees_waits_a_moment_for_a_fast_one()
    {
        EPaxosMember owner = Owner(7, "a");
        for (int member = 1; member <= 3; member++)
            SaysNot(owner.Receive(member, PreAcceptOk(Id(0, 1))), "persist");

        Says(owner.WakeWhenDue(), "accepted m0.1");
    }

    [Fact]
    [Rule(EPaxosRules.AcceptUnlessPromised)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void A_member_accepts_unless_it_has_promised_more()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);

        Says(
            member.Receive(0, Accept(Id(0, 1), B(0, 0), "a", Cover(0, 2))),
            "send {m0} AcceptOk m0.1 b0 gate r1");
        Says(member.Receive(2, Recover(Id(0, 1), B(3, 2))), "RecoverOk", "gate r2");
        Says(
            member.Receive(0, Accept(Id(0, 1), B(0, 0), "a", Cover(0, 2))),
            "send {m0} Nack m0.1 b3.m2");
        Assert.Equal("Accepted a b3.m2 b0 [0,2]", member.Knows(0, 1));
    }

    // An answer of before a promise is late: the owner is in another ballot by then.
    [Fact]
    [Rule(EPaxosRules.StaleAttemptsEnd)]
    public void An_owner_that_has_promised_to_another_does_not_commit_at_once_any_more()
    {
        EPaxosMember owner = Owner(3, "a");
        owner.Receive(2, Recover(Id(0, 1), B(1, 2)));
        owner.Persisted();

        Assert.Empty(owner.Receive(1, PreAcceptOk(Id(0, 1))));
        Assert.Empty(owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0))));
    }

    [Fact]
    [Rule(EPaxosRules.OwnerProposes)]
    [Rule(EPaxosRules.OneValuePerBallot)]
    public void Who_proposes_in_a_ballot_of_another_lies()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);

        Says(member.Receive(2, PreAccept(Id(0, 1), "a")), "violated by m2");
        Says(member.Receive(2, Accept(Id(0, 1), B(0, 0), "a")), "violated by m2");
        Says(member.Receive(2, Accept(Id(0, 1), B(1, 0), "a")), "violated by m2");
        Says(member.Receive(2, Recover(Id(0, 1), B(1, 0))), "violated by m2");
        Says(member.Receive(2, PreAcceptOk(Id(0, 1))), "violated by m2");
        Assert.Equal("", member.Knows(0, 1));
    }

    [Fact]
    [Rule(EPaxosRules.Thrifty)]
    public void A_thrifty_owner_asks_a_quorum_and_then_all()
    {
        EPaxosMember owner = Thrifty(5);

        Says(owner.Propose(1, "a", K), "send {m1,m2} PreAccept");
        Assert.Equal(owner.Now + new EPaxosOptions().ResendAfter, owner.Due);
        Says(owner.WakeWhenDue(), "send {m1,m2,m3,m4} PreAccept");
    }

    [Fact]
    [Rule(EPaxosRules.Thrifty)]
    public void A_thrifty_owner_asks_nobody_who_is_down()
    {
        EPaxosMember owner = Thrifty(5);
        owner.PeerDown(1);

        Says(owner.Propose(1, "a", K), "send {m2,m3} PreAccept");
    }

    [Fact]
    [Rule(EPaxosRules.Thrifty)]
    public void A_thrifty_owner_does_for_a_while_without_whoever_did_not_answer()
    {
        EPaxosMember owner = Thrifty(5);
        owner.Propose(1, "a", K);
        owner.Receive(2, PreAcceptOk(Id(0, 1)));
        Says(owner.WakeWhenDue(), "send {m1,m3,m4} PreAccept m0.1");
        Instant silent = owner.Now;
        TimeSpan spared = 16 * new EPaxosOptions().ResendAfter;

        Says(owner.Propose(2, "b", L), "send {m2,m3} PreAccept m0.2");
        owner.Now = silent + (spared - TimeSpan.FromMilliseconds(1));
        Says(owner.Propose(3, "c", L), "send {m2,m3} PreAccept m0.3");
        owner.Now = silent + spared;
        Says(owner.Propose(4, "d", L), "send {m1,m2} PreAccept m0.4");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rule(EPaxosRules.Thrifty)]
    public void Whoever_answers_a_thrifty_owner_is_asked_again(bool isSlow)
    {
        EPaxosMember owner = Thrifty(5);
        owner.Propose(1, "a", K);
        if (isSlow)
        {
            owner.Persisted();
            owner.Receive(1, PreAcceptOk(Id(0, 1), Cover(0, 4)));
            Says(owner.Receive(2, PreAcceptOk(Id(0, 1))), "Accept m0.1");
        }

        owner.WakeWhenDue();
        Says(owner.Propose(2, "b", L), "send {m3,m4} PreAccept m0.2");
        owner.Receive(1, isSlow ? AcceptOk(Id(0, 1), B(0, 0)) : PreAcceptOk(Id(0, 1)));
        Says(owner.Propose(3, "c", L), "send {m1,m3} PreAccept m0.3");
    }

    [Fact]
    [Rule(EPaxosRules.Thrifty)]
    public void A_thrifty_owner_that_has_nobody_else_asks_all()
    {
        EPaxosMember owner = Thrifty(3);
        Says(owner.Propose(1, "a", K), "send {m1} PreAccept m0.1");
        owner.WakeWhenDue();
        Says(owner.Propose(2, "b", L), "send {m2} PreAccept m0.2");
        owner.WakeWhenDue();
        Says(owner.Propose(3, "c", L), "send {m1,m2} PreAccept m0.3");
    }

    [Fact]
    [Rule(EPaxosRules.KeyWindow)]
    public void Commands_beyond_the_window_of_a_key_wait_for_those_before_them()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3, new EPaxosOptions { KeyWindow = 1 });
        owner.Propose(1, "a", K);

        Assert.Equal(["persist r3 held [+0,1]"], owner.Propose(2, "b", K));
        Says(owner.Propose(3, "c", L), "PreAccept m0.2");
        owner.Persisted();
        Says(owner.Receive(1, PreAcceptOk(Id(0, 1))), "send {m1,m2} PreAccept m0.3", "[r3");
        owner.Crash(2);
        owner.Restart();
        Assert.Equal("PreAccepted b b0 b0 [1]", owner.Knows(0, 3));
    }

    [Fact]
    [Feature("A11")]
    [Rule(EPaxosRules.NoQuorumAtOnce)]
    public void More_members_down_than_tolerated_are_told_at_once()
    {
        EPaxosMember owner = Owner(3, "a");
        owner.PeerDown(1);

        Assert.Equal(["abandon q1"], owner.PeerDown(2));
        Assert.Equal(["reject q2 NoQuorum"], owner.Propose(2, "b", K));
        Assert.Equal(["reject q3 NoQuorum"], owner.Read(3, K));
        owner.PeerUp(1);
        Says(owner.Propose(4, "b", K), "PreAccept");
    }

    [Fact]
    [Rule(EPaxosRules.StorageReserve)]
    public void A_full_disk_takes_no_commands_and_goes_on_to_vote_for_what_it_has()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, PreAccept(Id(0, 1), "a"));
        member.Pressure(StoragePressure.Full);

        Assert.Equal(["reject q1 StorageFull"], member.Propose(1, "x", K));
        Assert.Empty(member.Receive(0, PreAccept(Id(0, 2), "b")));
        Assert.Empty(member.Receive(0, Accept(Id(0, 2), B(0, 0), "b")));
        Assert.Empty(member.Receive(0, Commit(Id(0, 2), "b")));
        Says(member.Receive(0, Accept(Id(0, 1), B(0, 0), "a")), "AcceptOk");
        Says(member.Receive(2, Recover(Id(0, 2), B(1, 2))), "RecoverOk");
    }

    [Fact]
    [Rule(EPaxosRules.IndexedWithThePayload)]
    [Rule(EPaxosRules.UndecidedNoOpConflicts)]
    public void Whatever_has_recorded_a_command_it_is_known_to_those_that_come_later()
    {
        EPaxosMember member = EPaxosMember.Of(1, 5);
        member.Receive(0, Accept(Id(0, 2), B(0, 0), "a"));
        member.Receive(2, Commit(Id(2, 3), "c"));
        member.Receive(3, Recover(Id(4, 1), B(1, 3)));
        member.Receive(3, Validate(Id(4, 1), B(1, 3), "v"));
        Says(member.Receive(0, PreAccept(Id(0, 9), "x")), "PreAcceptOk", "dep [2,0,3,0,1]");

        // Protocols §1.8(8): what the no-op stands for nobody here knows.
        member.Receive(3, AcceptNoOp(Id(3, 7), B(2, 3)));
        Says(
            member.Receive(2, PreAccept(Id(2, 4), "y", default, L)),
            "PreAcceptOk m2.4 dep [0,0,0,7]");
    }

    private static EPaxosMember Thrifty(int members) =>
        EPaxosMember.Of(0, members, new EPaxosOptions { IsThrifty = true });
}
