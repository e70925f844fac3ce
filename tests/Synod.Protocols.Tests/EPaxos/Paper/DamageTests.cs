using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>A member that has lost records gets its voice back when nothing that it may have voted
/// for is open.</summary>
public class DamageTests
{
    [Fact]
    [Feature("C05")]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void It_has_a_voice_again_when_all_that_was_used_is_decided()
    {
        EPaxosMember member = Damaged();
        Says(member.Wake(), "{m0,m2}", "AskUsed");
        member.Receive(0, Used(2, life: 2));
        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Says(member.Receive(2, Used(0, life: 2)), "role");
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);

        Assert.Empty(member.Receive(0, PreAccept(Id(0, 3), "c")));
        string[] last = member.Receive(0, Commit(Id(0, 2), "b"));
        Says(last, "persist", "repaired r2 to r2");
        Says(last, "persist", "reserved 0");
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
        Says(member.Receive(0, PreAccept(Id(0, 3), "c")), "PreAcceptOk m0.3 dep [2]");
    }

    // Its vote may be all that is left of what the silent one has decided.
    [Fact]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void It_has_none_before_every_member_has_answered_this_life()
    {
        EPaxosMember member = Damaged();
        member.Receive(0, Used(2, life: 2));
        member.Receive(2, Used(0, life: 1));
        member.Receive(0, Commit(Id(0, 2), "b"));

        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Assert.Empty(member.Receive(0, PreAccept(Id(0, 3), "c")));
    }

    [Fact]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void It_answers_no_read_before_it_is_known_on_its_disk()
    {
        EPaxosMember member = Repaired();
        byte[] question = Encode(new Gather { Ticket = new GatherTicket(1, 1, 1), Footprint = K });

        Assert.Empty(member.Receive(2, question));
        Assert.Equal(["reject q1 NoQuorum"], member.Read(1, K));
        member.Persisted();
        Says(member.Receive(2, question), "Gathered");
    }

    // The log tells of the same gap at each start.
    [Fact]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void The_same_loss_counts_no_more_and_another_one_does()
    {
        EPaxosMember member = Repaired();
        member.Persisted();
        member.Crash();
        member.Restart();
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);

        member.Crash();
        member.Damage(1, 1);
        Says(member.Restart(), "persist", "reserved 0, damaged");
    }

    // The decisions are in the log before it.
    [Fact]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void A_crash_amid_the_repair_begins_it_anew()
    {
        EPaxosMember member = Repaired();
        member.Crash();
        member.Restart();

        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Says(member.Wake(), "AskUsed");
    }

    [Fact]
    [Feature("C11")]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void Who_may_have_lost_a_reservation_stays_silent_and_tells_nobody_what_it_has_used()
    {
        EPaxosMember member = Damaged(isBlind: true);
        member.Receive(0, Used(0, life: 2));
        member.Receive(2, Used(0, life: 2));

        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Assert.Empty(member.Receive(0, Encode(new AskUsed(new GatherTicket(1, 1, 0)))));
    }

    // Also those of its own that were reserved and of which nobody has ever heard.
    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.RepairCoversAll)]
    [Rule(EPaxosRules.DesignatedRecoverer)]
    public void What_nobody_knows_another_member_recovers_for_it()
    {
        EPaxosMember member = EPaxosMember.Of(0, 3, new EPaxosOptions { SlotBlock = 1 });
        member.Propose(1, "a", K);
        member.Persisted();
        member.Crash();
        member.Damage(2, 2);
        member.Restart();
        member.Receive(1, Used(0, life: 2));
        member.Receive(2, Used(0, life: 2));
        List<string> asks = [];
        while (member.Now < default(Instant) + TimeSpan.FromSeconds(1))
            asks.AddRange(member.WakeWhenDue());
        Says(asks.Distinct(), "TryRecover m0.1");

        EPaxosMember able = EPaxosMember.Of(1, 3);
        able.Receive(0, TryRecover(Id(0, 1)));
        Says(able.WakeWhenDue(), "persist", "promised m0.1 b1.m1");
        able.Persisted();
        Says(able.Receive(2, Blank(Id(0, 1), B(1, 1))), "accepted m0.1 b1.m1 NoOp");
        Says(member.Receive(1, CommitNoOp(Id(0, 1), B(1, 1))), "repaired");
        member.Persisted();
        Says(member.Propose(2, "b", K), "PreAccept m0.2");
    }

    private static EPaxosMember Damaged(bool isBlind = false)
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, Commit(Id(0, 1), "a"));
        member.Receive(0, PreAccept(Id(0, 2), "b"));
        member.Persisted();
        member.Crash();
        member.Damage(2, 2, isBlind);
        member.Restart();
        return member;
    }

    private static EPaxosMember Repaired()
    {
        EPaxosMember member = Damaged();
        member.Persisted();
        member.Receive(0, Used(2, life: 2));
        member.Receive(2, Used(0, life: 2));
        member.Receive(0, Commit(Id(0, 2), "b"));
        return member;
    }
}
