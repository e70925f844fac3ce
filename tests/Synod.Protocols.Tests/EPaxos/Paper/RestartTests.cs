using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>A new life, from the own records alone; and a damaged one.</summary>
public class RestartTests
{
    // Seeds E11: in each state of an instance.
    [Fact]
    [Feature("C02")]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void What_was_recorded_of_an_instance_is_there_again()
    {
        EPaxosMember member = EPaxosMember.Of(1, 5);
        member.Receive(0, PreAccept(Id(0, 1), "a", Cover(0, 0, 1)));
        member.Receive(2, Accept(Id(2, 1), B(0, 0), "b", Cover(0, 0, 0, 3)));
        member.Receive(3, Recover(Id(3, 1), B(2, 3)));
        member.Receive(3, Validate(Id(3, 1), B(2, 3), "v"));
        member.Receive(4, Commit(Id(4, 1), "c"));
        member.Receive(4, Accept(Id(4, 2), B(0, 0), "d"));
        member.Receive(3, Recover(Id(4, 2), B(7, 3)));
        member.Persisted();
        ulong before = member.Digest();
        member.Crash();
        member.Restart();

        Assert.Equal(before, member.Digest());
        Assert.Equal("Accepted d b7.m3 b0 []", member.Knows(4, 2));
        Assert.Equal("Committed c b0 b0 [] executed", member.Knows(4, 1));
        Says(member.Receive(2, PreAccept(Id(2, 9), "x")), "PreAcceptOk", "dep [1,0,1,1,2]");
    }

    [Fact]
    [Rule(EPaxosRules.SlotsAreReserved)]
    [Rule(EPaxosRules.RestartMeansNewBallot)]
    public void Slots_that_may_have_been_used_are_recovered_and_never_used_again()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3, new EPaxosOptions { SlotBlock = 3 });
        owner.Propose(1, "a", K);
        owner.Crash(1);
        owner.Restart();

        Assert.Equal("", owner.Knows(0, 1));
        List<string> woken = [];
        for (int wakes = 0; wakes < 6; wakes++)
            woken.AddRange(owner.WakeWhenDue());
        for (int slot = 1; slot <= 3; slot++)
            Says(woken, "persist", $"promised m0.{slot} b1");
        Says(owner.Propose(2, "b", K), "PreAccept m0.4");
    }

    [Fact]
    [Rule(EPaxosRules.OwnerInQuorum)]
    public void An_owner_that_has_lost_its_proposal_recovers_it_as_nothing()
    {
        EPaxosMember owner = EPaxosMember.Of(0, 3, new EPaxosOptions { SlotBlock = 1 });
        owner.Propose(1, "a", K);
        owner.Crash(1);
        owner.Restart();
        owner.WakeWhenDue();
        while (owner.Knows(0, 1).Length == 0)
            owner.WakeWhenDue();
        owner.Persisted();

        Says(
            owner.Receive(1, PreAccepted(Id(0, 1), B(1, 0), "a", default)),
            "accepted m0.1 b1.m0 NoOp");
    }

    // Nobody elects it, so nothing else would ever say that it serves.
    [Fact]
    public void A_member_says_at_its_start_that_it_serves()
    {
        EPaxosMember member = new(1, new EPaxosSetup(3));

        Says(member.Restart(), "role Serving t0");
    }

    [Fact]
    [Feature("C05")]
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void A_damaged_member_votes_for_nothing_and_takes_in_and_tells_what_is_decided()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, Commit(Id(0, 1), "a"));
        member.Receive(0, PreAccept(Id(0, 2), "b"));
        member.Receive(2, Recover(Id(0, 2), B(1, 2)));
        member.Persisted();
        member.Crash();
        member.Damage(3, 3);
        string[] start = member.Restart();

        Says(start, "persist r4 reserved 0, damaged");
        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Assert.Empty(member.Receive(0, PreAccept(Id(0, 3), "c")));
        Assert.Empty(member.Receive(0, Accept(Id(0, 2), B(0, 0), "b")));
        Assert.Empty(member.Receive(2, Recover(Id(0, 2), B(2, 2))));
        Assert.Empty(member.Receive(2, Validate(Id(0, 2), B(1, 2), "b")));
        Gather question = new() { Ticket = new GatherTicket(1, 1, 1), Footprint = K };
        Assert.Empty(member.Receive(2, Encode(question)));
        Assert.Equal(["reject q1 NoQuorum"], member.Propose(1, "x", K));
        Says(member.Receive(2, TryRecover(Id(0, 1))), "Commit m0.1");
        Says(member.Receive(2, Commit(Id(0, 2), "b", Cover(1))), "deliver");
    }

    [Fact]
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void A_decision_whose_command_is_lost_is_learned_again()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, PreAccept(Id(0, 1), "a"));
        member.Receive(0, Commit(Id(0, 1), "a"));
        member.Persisted();
        member.Crash();
        member.Damage(1, 1);
        member.Restart();

        Assert.Equal("", member.Knows(0, 1));
        Says(member.Receive(2, Commit(Id(0, 1), "a")), "deliver");
    }
}
