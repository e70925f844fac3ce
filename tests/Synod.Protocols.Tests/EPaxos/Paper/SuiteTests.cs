using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>Cases that the suites of eepaxos name and that no other test shows alone, see
/// docs/protocols/epaxos-suites.md.</summary>
public class SuiteTests
{
    [Fact]
    [Rule(EPaxosRules.OwnerWritesInParallel)]
    public void A_proposal_that_nothing_interferes_with_depends_on_nothing()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3);
        owner.Receive(2, PreAccept(Id(2, 1), "x", footprint: L));

        Says(owner.Propose(1, "a", K), "PreAccept m0.1 Command(1) dep []");
    }

    [Fact]
    [Rule(EPaxosRules.OwnerWritesInParallel)]
    public void A_proposal_depends_on_what_is_pre_accepted_on_its_key()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3);
        owner.Receive(2, PreAccept(Id(2, 1), "x"));

        Says(owner.Propose(1, "a", K), "PreAccept m0.1 Command(1) dep [0,0,1]");
    }

    [Fact]
    [Rule(EPaxosRules.PreAcceptOnce)]
    public void A_member_that_knows_of_nothing_else_records_and_answers_what_it_was_told()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);

        string[] lines = member.Receive(2, PreAccept(Id(2, 1), "a", Cover(4)));
        Says(lines, "persist r1 pre-accepted m2.1 Command(1) dep [4] of [4]");
        Says(lines, "send {m2} PreAcceptOk m2.1 dep [4] gate r1");
    }

    [Fact]
    [Rule(EPaxosRules.PreAcceptOnce)]
    public void A_member_that_has_promised_to_another_votes_for_no_proposal_of_the_owner()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(2, Recover(Id(0, 1), B(1, 2)));

        string[] lines = member.Receive(0, PreAccept(Id(0, 1), "a"));
        Says(lines, "send {m0} Nack m0.1 b1.m2");
        SaysNot(lines, "persist");
        SaysNot(lines, "PreAcceptOk");
    }

    [Fact]
    [Rule(EPaxosRules.PreAcceptOnce)]
    public void A_proposal_that_comes_after_its_own_acceptance_changes_nothing()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, Accept(Id(0, 1), B(0, 0), "a", Cover(0, 2)));

        string[] lines = member.Receive(0, PreAccept(Id(0, 1), "a"));
        SaysNot(lines, "send");
        SaysNot(lines, "persist");
        Assert.Equal("Accepted a b0 b0 [0,2]", member.Knows(0, 1));
    }

    [Fact]
    [Rule(EPaxosRules.AcceptUnlessPromised)]
    public void A_higher_ballot_is_accepted_over_a_proposal_and_over_an_acceptance()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, PreAccept(Id(0, 1), "a"));
        member.Receive(0, Accept(Id(0, 1), B(0, 0), "a", Cover(0, 2)));

        Says(
            member.Receive(2, Accept(Id(0, 1), B(1, 2), "a", Cover(0, 3))),
            "send {m2} AcceptOk m0.1 b1.m2");
        Assert.Equal("Accepted a b1.m2 b1.m2 [0,3]", member.Knows(0, 1));
        Says(
            member.Receive(0, Accept(Id(0, 1), B(0, 0), "a", Cover(0, 2))),
            "send {m0} Nack m0.1 b1.m2");
    }

    [Fact]
    [Rule(EPaxosRules.CommitAtAnyBallot)]
    public void A_decision_is_taken_over_a_proposal_and_over_an_acceptance()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, PreAccept(Id(0, 1), "a"));
        member.Receive(2, Accept(Id(2, 1), B(0, 0), "b"));

        Says(member.Receive(0, Commit(Id(0, 1), "a")), "committed m0.1 b0");
        Says(member.Receive(2, Commit(Id(2, 1), "b")), "committed m2.1 b0");
        Assert.StartsWith("Committed a", member.Knows(0, 1), StringComparison.Ordinal);
        Assert.StartsWith("Committed b", member.Knows(2, 1), StringComparison.Ordinal);
    }

    [Fact]
    [Rule(EPaxosRules.CommitAtAnyBallot)]
    [Rule(EPaxosRules.CommitRaisesBallot)]
    public void A_decision_is_taken_without_a_record_and_over_a_promise()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(2, Recover(Id(0, 2), B(4, 2)));

        Says(member.Receive(0, Commit(Id(0, 1), "a")), "committed m0.1 b0");
        Says(member.Receive(0, Commit(Id(0, 2), "b", Cover(1))), "committed m0.2 b0");
        Assert.Equal("Committed a b0 b0 [] executed", member.Knows(0, 1));
        Assert.Equal("Committed b b4.m2 b0 [1] executed", member.Knows(0, 2));
    }

    [Fact]
    [Rule(EPaxosRules.SlowQuorum)]
    public void Acceptances_behind_the_decision_are_late_and_nothing_is_said()
    {
        EPaxosMember owner = Accepting();
        SaysNot(owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0))), "committed");
        Says(owner.Receive(2, AcceptOk(Id(0, 1), B(0, 0))), "committed m0.1 b0");

        Assert.Empty(owner.Receive(3, AcceptOk(Id(0, 1), B(0, 0))));
        Assert.Empty(owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0))));
    }

    // Of another leader, whose ballot is higher.
    [Fact]
    [Rule(EPaxosRules.StaleAttemptsEnd)]
    public void Acceptances_of_a_ballot_that_was_outbid_here_decide_nothing()
    {
        EPaxosMember owner = Accepting();
        owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0)));
        owner.Receive(4, Accept(Id(0, 1), B(1, 4), "a", Cover(0, 9)));
        owner.Persisted();

        Assert.Empty(owner.Receive(2, AcceptOk(Id(0, 1), B(0, 0))));
        Assert.Empty(owner.Receive(3, AcceptOk(Id(0, 1), B(1, 4))));
        Assert.Equal("Accepted a b1.m4 b1.m4 [0,9]", owner.Knows(0, 1));
    }

    [Fact]
    [Rule(EPaxosRules.RefusedBacksOff)]
    public void An_owner_whose_acceptance_is_refused_decides_nothing_and_outbids_later()
    {
        EPaxosMember owner = Accepting();
        owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0)));
        Assert.Empty(owner.Receive(2, Nack(Id(0, 1), B(6, 4))));

        List<string> later = [];
        for (int wakes = 0; wakes < 5; wakes++)
            later.AddRange(owner.WakeWhenDue());
        Assert.Contains(later, static line => line.Contains("Recover m0.1 b7.m0"));
    }

    // Its slow path has begun, and its own acceptance is durable.
    private static EPaxosMember Accepting()
    {
        EPaxosMember owner = Owner(5, "a");
        owner.Receive(1, PreAcceptOk(Id(0, 1), Cover(0, 4)));
        Says(owner.Receive(2, PreAcceptOk(Id(0, 1))), "accepted m0.1 b0");
        owner.Persisted();
        return owner;
    }
}
