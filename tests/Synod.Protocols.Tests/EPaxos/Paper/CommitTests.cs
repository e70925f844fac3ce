using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>What is decided: at any ballot, for ever, durably before anybody hears of it; and how
/// it comes to those who lack it.</summary>
public class CommitTests
{
    // G1: the refuted variant took a decision and left the ballot behind it.
    [Fact]
    [Rule(EPaxosRules.CommitAtAnyBallot)]
    [Rule(EPaxosRules.CommitRaisesBallot)]
    [Rule(EPaxosRules.StaleAttemptsEnd)]
    public void A_decision_is_taken_at_any_ballot_and_ends_what_goes_on_in_a_lower_one()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(3, Id(2, 1));
        Says(recoverer.Receive(1, CommitNoOp(Id(2, 1), B(2, 1))), "committed m2.1 b2.m1 NoOp");

        Assert.Equal("Committed NoOp b2.m1 b2.m1 [] executed", recoverer.Knows(2, 1));
        Assert.Empty(recoverer.Receive(1, PreAccepted(Id(2, 1), ballot, "a", default)));
        Assert.Empty(recoverer.Receive(1, ValidateOk(Id(2, 1), ballot)));
    }

    // G3, G4: B4 sent what it had itself.
    [Fact]
    [Rule(EPaxosRules.CommittedStays)]
    public void Whatever_is_asked_about_a_decision_it_is_the_answer_and_stays()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, Commit(Id(0, 1), "a", Cover(0, 0, 4)));
        string before = member.Knows(0, 1);

        foreach (byte[] frame in new[]
        {
            PreAccept(Id(0, 1), "a"),
            Accept(Id(0, 1), B(0, 0), "a"),
            Recover(Id(0, 1), B(5, 0)),
            Validate(Id(0, 1), B(5, 0), "a"),
            TryRecover(Id(0, 1)),
            Waiting(Id(0, 1), 1),
        })
        {
            string line = Assert.Single(member.Receive(0, frame));
            Assert.StartsWith(
                "send {m0} Commit m0.1 b0 Command(1) dep [0,0,4]", line, StringComparison.Ordinal);
        }

        Assert.Empty(member.Receive(0, CommitNoOp(Id(0, 1), B(9, 0))));
        Assert.Equal(before, member.Knows(0, 1));
    }

    [Fact]
    [Feature("A10")]
    [Rule(EPaxosRules.CommitIsDurable)]
    public void Whose_command_is_decided_and_has_to_wait_for_another_is_told_so_once()
    {
        EPaxosMember owner = Owner(3, "a");
        owner.Receive(1, PreAcceptOk(Id(0, 1), Cover(0, 1)));
        owner.Receive(2, PreAcceptOk(Id(0, 1)));
        owner.Persisted();
        List<string> lines = [.. owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0)))];
        Says(lines, "persist r", "committed m0.1");
        string record = lines.First(static line => line.StartsWith("persist")).Split(' ')[1];
        Says(lines, $"committed q1 gate {record}");
        SaysNot(lines, "deliver");

        lines = [.. owner.Receive(1, Commit(Id(1, 1), "b", default)), .. owner.Persisted()];
        Says(lines, "deliver", "for q1");
        SaysNot(lines, "committed q1");
    }

    // B9: what is executed is on the disk, with all that it depends on.
    [Fact]
    [Rule(EPaxosRules.CommitIsDurable)]
    [Rule(EPaxosRules.AnswerAfterExecution)]
    public void A_client_is_answered_when_its_command_is_executed_and_durable()
    {
        EPaxosMember owner = Owner(3, "a");
        SaysNot(owner.Receive(1, PreAcceptOk(Id(0, 1), Cover(0, 1))), "deliver");
        owner.Persisted();
        SaysNot(owner.Receive(1, AcceptOk(Id(0, 1), B(0, 0))), "deliver");

        string[] lines = owner.Receive(1, Commit(Id(1, 1), "x"));
        Assert.Equal(
            [
                $"persist r5 committed m1.1 b0 Command(1) dep [] touches {K} [+37,1]",
                "deliver",
                "deliver",
            ],
            lines.Select(static line =>
                line.StartsWith("deliver", StringComparison.Ordinal) ? "deliver" : line));
        Assert.EndsWith("for q1 gate r4", lines[2], StringComparison.Ordinal);
    }

    // Rule C: the owner loses its commit and says after the crash that it has none.
    [Fact]
    [Rule(EPaxosRules.CommitIsDurable)]
    [Rule(EPaxosRules.RestartMeansNewBallot)]
    public void A_commit_that_was_not_flushed_was_told_to_nobody()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3, new EPaxosOptions { SlotBlock = 1 });
        owner.Propose(1, "a", K);
        owner.Persisted();
        string[] lines = owner.Receive(1, PreAcceptOk(Id(0, 1)));
        Assert.All(
            lines.Where(static line => !line.StartsWith("persist", StringComparison.Ordinal)),
            static line => Assert.EndsWith("gate r3", line, StringComparison.Ordinal));
        owner.Crash();
        owner.Restart();

        Assert.Equal("PreAccepted a b0 b0 []", owner.Knows(0, 1));
        Assert.Empty(owner.Receive(2, PreAcceptOk(Id(0, 1))));
        Says(owner.WakeWhenDue(), "Recover m0.1 b1.m0");
    }

    [Fact]
    [Rule(EPaxosRules.NoOpIsProposedAgain)]
    public void What_was_recovered_as_nothing_is_proposed_again()
    {
        EPaxosMember owner = Owner(3, "a");

        string[] lines = owner.Receive(2, CommitNoOp(Id(0, 1), B(1, 2)));
        Says(lines, "send {m1,m2} PreAccept m0.2 Command(1) dep [1]", "[r2");
        owner.Persisted();
        Says(owner.Receive(1, PreAcceptOk(Id(0, 2), Cover(1))), "deliver", "for q1");
    }

    [Fact]
    [Rule(EPaxosRules.AllComeToKnow)]
    public void Who_lags_asks_for_what_is_decided_and_gets_nothing_else()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, Commit(Id(0, 2), "b"));
        Says(
            member.Receive(0, Encode(new Frontier(Cover(3), Cover(3, 0, 1), 7))),
            "send {m0} FetchCommitted m0.1-1,m0.3-3,m2.1-1");

        EPaxosMember other = EPaxosMember.Of(0, 3);
        other.Receive(1, Commit(Id(1, 1), "x"));
        other.Receive(1, PreAccept(Id(1, 2), "y"));
        string[] lines = other.Receive(2, Encode(new FetchCommitted([new(Id(1, 1), 9)])));
        Says(lines, "send {m2} Commit m1.1 b0 Command(1)");
        SaysNot(lines, "m1.2");
        Says(lines, "send {m2} Frontier [0,1] last [0,1] answers");
    }

    [Fact]
    [Rule(EPaxosRules.AllComeToKnow)]
    public void Members_compare_until_they_know_the_same_and_then_say_nothing()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, Commit(Id(0, 1), "a"));
        string told = Assert.Single(member.WakeWhenDue());
        Assert.StartsWith("send {m0,m2} Frontier [1] last [1]", told, StringComparison.Ordinal);

        Frontier same = new(Cover(1), Cover(1), member.Kernel.State.CommittedSum, true);
        Assert.Empty(member.Receive(0, Encode(same)));
        Assert.Empty(member.Receive(2, Encode(same)));
        Assert.Equal(Instant.Never, member.Due);
    }
}
