using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>Safety §7: what an acceptor that has lost records does, and what others make of
/// it.</summary>
public class DamageTests
{
    // r1 is the promise of b1.m0, r2 to r6 are i1 to i5; the last two tell that i1 and i2 are
    // chosen.
    private const long Second = (1L << 32) + 2;

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamageForgets)]
    public void Behind_lost_records_only_what_was_marked_as_chosen_is_certain()
    {
        MultiPaxosMember member = Damaged(6, 6);

        Assert.Equal(["b1.m0 a", "b1.m0 b"], member.Slots());
        Assert.Equal(new LogIndex(2), member.Chosen);
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);
        Assert.Equal(B(1, 0), member.Promised);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamageForgets)]
    public void Nothing_is_certain_above_a_lost_slot_whatever_later_marks_say()
    {
        MultiPaxosMember member = Damaged(2, 2);

        Assert.Empty(member.Slots());
        Assert.Equal(LogIndex.Zero, member.Chosen);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamagedIsSilent)]
    public void It_says_so_durably_before_anything_else()
    {
        MultiPaxosMember member = Accepting();
        member.Crash();
        member.Damage(6, 6);
        string[] lines = member.Restart();

        Assert.StartsWith("persist r7 promised b1.m0 damaged", lines[0], Ordinal);
        member.PeerDown(0);
        Assert.EndsWith("gate r7", member.Receive(2, Probe(B(9, 2)))[^1], Ordinal);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamagedIsSilent)]
    public void It_never_campaigns_whoever_asks()
    {
        MultiPaxosMember member = Damaged(6, 6);
        member.PeerDown(0);
        member.PeerDown(2);
        for (int wait = 0; wait < 5; wait++)
            Assert.Empty(member.WakeWhenDue());
        member.PeerUp(0);
        member.Receive(0, new Proposal(B(1, 0)) { First = 6, Last = 5 }.Frame());

        Assert.Empty(member.Receive(0, TimeoutNow(B(1, 0), last: 5, transfer: 1)));
        Assert.Equal(KernelRole.Following, member.Kernel.Status.Role);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.UnknownIsNotNothing)]
    public void Its_promise_binds_it_and_says_that_what_it_had_is_unknown()
    {
        MultiPaxosMember member = Damaged(6, 6);
        member.PeerDown(0);

        Assert.Contains(" Damaged", member.Receive(2, Prepare(B(2, 2)))[^1], Ordinal);
        Assert.Equal(B(2, 2), member.Promised);
        Assert.Contains("Nack b2.m2", member.Receive(0, Prepare(B(2, 0)))[^1], Ordinal);
        Assert.Contains("refused", member.Receive(0, Probe(B(9, 0)))[^1], Ordinal);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.UnknownIsNotNothing)]
    [Rule(MultiPaxosRules.MajorityElects)]
    public void A_phase_1_is_not_completed_by_a_damaged_acceptor_and_asks_another()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        Report unknown = new(B(1, 0)) { Health = KernelHealth.Damaged };
        candidate.Receive(1, unknown.Frame());
        candidate.Receive(1, (unknown with { Health = KernelHealth.Voiceless }).Frame());
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);

        candidate.Receive(2, Promise(B(1, 0)));
        Assert.Equal(KernelRole.Leading, candidate.Kernel.Status.Role);
    }

    [Fact]
    [Feature("C05")]
    [Feature("C11")]
    [Rule(MultiPaxosRules.UnknownIsNotNothing)]
    public void It_has_no_voice_for_ever_if_its_promise_may_be_lost()
    {
        MultiPaxosMember member = Damaged(1, 1);
        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        member.PeerDown(0);
        Assert.Empty(member.Receive(2, Prepare(B(9, 2))));

        Proposal all = new(B(10, 2)) { Damage = Second, Commands = ["x"] };
        member.Receive(2, all.Frame());
        Assert.Contains(" Voiceless", member.Settle()[^1], Ordinal);
        member.Persisted();
        member.Crash();
        member.Restart();
        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamagedIsNotCounted)]
    public void What_it_accepts_is_no_acknowledgement_and_older_answers_are_void()
    {
        MultiPaxosMember leader = MultiPaxosScenes.NewLeader(3);
        leader.Propose(7, "a");
        leader.Settle();
        leader.Persisted();
        leader.Receive(1, Accepted(B(1, 0), 1, damage: (Second, KernelHealth.Damaged)));
        leader.Receive(1, Accepted(B(1, 0), 1));
        Assert.Equal(LogIndex.Zero, leader.Chosen);

        leader.Receive(1, Accepted(B(1, 0), 1, damage: (Second, KernelHealth.Whole)));
        Assert.Equal(new LogIndex(1), leader.Chosen);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamagedIsNotCounted)]
    public void A_voiceless_follower_confirms_no_read()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        leader.Read(7);
        leader.Settle();
        long round = leader.Round();
        Assert.Empty(leader.Receive(
            1, Accepted(B(1, 0), 1, round, (Second, KernelHealth.Voiceless))));
        Assert.Contains(
            "read-ready q7",
            leader.Receive(2, Accepted(B(1, 0), 1, round, (Second, KernelHealth.Damaged))));
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.RepairCoversAll)]
    public void It_is_whole_when_it_has_all_that_a_leader_had_who_knew_of_the_damage()
    {
        MultiPaxosMember member = Damaged(6, 6);
        member.Receive(0, Rest().Frame());
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);

        Proposal beat = new(B(1, 0)) { First = 7, Chosen = 2, Last = 6, Damage = Known(member) };
        member.Receive(0, beat.Frame());
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
        Assert.Contains(" Whole", member.Settle()[^1], Ordinal);
        member.Persisted();
        member.Crash();
        Assert.DoesNotContain(
            member.Restart(), static line => line.StartsWith("persist", Ordinal));
        Assert.Equal(6, member.Slots().Count);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.RepairCoversAll)]
    public void A_message_with_less_than_the_leader_had_repairs_nothing()
    {
        MultiPaxosMember member = Damaged(6, 6);
        Proposal part = Rest() with { Damage = Known(member), Last = 10 };
        member.Receive(0, part.Frame());
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);

        member.Receive(0, (part with { First = 7 }).Frame());
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
    }

    // What is below the base of a leader is chosen, and not proposed by it.
    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.RepairCoversAll)]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void It_is_not_whole_before_it_has_learned_what_is_chosen_below()
    {
        MultiPaxosMember member = Damaged(2, 2);
        Proposal next = new(B(2, 2))
        {
            First = 6,
            Base = 5,
            Chosen = 5,
            Commands = ["f"],
            Damage = Known(member),
        };
        member.Receive(2, next.Frame());
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);

        Told[] all = [.. "abcde".Select(static text => new Told(B(1, 0), $"{text}"))];
        member.Receive(2, new Lesson(B(2, 2)) { Slots = all }.Frame());
        member.Receive(2, next.Frame());
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.RepairCoversAll)]
    public void A_restart_amid_the_repair_begins_it_anew()
    {
        MultiPaxosMember member = Damaged(6, 6);
        long former = Known(member);
        member.Receive(0, Rest().Frame());
        member.Persisted();
        member.Crash();
        member.Restart();

        Assert.True(Known(member) > former);
        Proposal rest = Rest() with { First = 3 };
        member.Receive(0, (rest with { Damage = former }).Frame());
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);
        member.Receive(0, (rest with { Damage = Known(member) }).Frame());
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
    }

    // The damage of an earlier life excuses nothing that was written after it.
    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamageForgets)]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void A_ballot_of_a_slot_without_a_value_is_read_only_where_records_are_lost()
    {
        MultiPaxosReplica kernel = MultiPaxosMember.Of(1, 3).Kernel;
        MultiPaxosDamage damage = new(Second, KernelHealth.Damaged, LogIndex.Zero);
        byte[] raised = Encode(new BallotRecord(new LogIndex(1), new LogIndex(1), B(2, 2)));
        Assert.True(kernel.Recover(
            new RecordNumber(2), Encode(new PromiseRecord(B(2, 2), damage, Concludes: true))));
        Assert.False(kernel.Recover(new RecordNumber(3), raised));

        kernel.Lost(new RecordNumber(3), new RecordNumber(3), hidesStatement: false);
        Assert.True(kernel.Recover(new RecordNumber(4), raised));
    }

    // What was lost may be readable again: a disk that failed for a while, a file that is put back.
    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.DamageForgets)]
    [Rule(MultiPaxosRules.PromisesGrow)]
    public void A_promise_that_is_back_does_not_keep_a_voiceless_member_from_its_next_life()
    {
        MultiPaxosReplica kernel = MultiPaxosMember.Of(1, 3).Kernel;
        MultiPaxosDamage damage = new(Second, KernelHealth.Voiceless, LogIndex.Zero);
        Assert.True(Recover(1, new PromiseRecord(B(5, 2), default)));
        Assert.False(Recover(2, new PromiseRecord(B(1, 0), default)));
        Assert.False(Recover(2, new PromiseRecord(
            B(1, 0), damage with { Health = KernelHealth.Damaged }, Concludes: true)));
        Assert.True(Recover(2, new PromiseRecord(B(1, 0), damage, Concludes: true)));
        Assert.True(Recover(3, new PromiseRecord(B(2, 0), damage)));

        Assert.Equal(B(5, 2), kernel.State.Promised);
        Assert.Equal(KernelHealth.Voiceless, kernel.Status.Health);

        bool Recover(long number, PromiseRecord promise) =>
            kernel.Recover(new RecordNumber(number), Encode(promise));
    }

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    public void A_value_above_the_promise_is_read_only_where_records_are_lost()
    {
        MultiPaxosReplica kernel = MultiPaxosMember.Of(1, 3).Kernel;
        byte[] value = Encode(new ValueRecord(
            new LogIndex(1), B(2, 2), B(2, 2), MultiPaxosValueKind.NoOp, LogIndex.Zero));
        Assert.False(kernel.Recover(new RecordNumber(1), value));

        kernel.Lost(new RecordNumber(1), new RecordNumber(1), hidesStatement: true);
        Assert.True(kernel.Recover(new RecordNumber(2), value));
    }

    /// <summary>m1 follows m0 in b1.m0 and has accepted i1 to i5, of which i1 and i2 are
    /// chosen.</summary>
    private static MultiPaxosMember Accepting()
    {
        MultiPaxosMember member = MultiPaxosScenes.Follower((1, "a"), (1, "b"), (1, "c"));
        Proposal beat = new(B(1, 0)) { First = 4, Chosen = 2, Last = 3 };
        member.Receive(0, beat.Frame());
        member.Receive(0, (beat with { Last = null, Commands = ["d", "e"] }).Frame());
        member.Settle();
        member.Persisted();
        return member;
    }

    private static MultiPaxosMember Damaged(int from, int through)
    {
        MultiPaxosMember member = Accepting();
        member.Crash();
        member.Damage(from, through);
        member.Restart();
        return member;
    }

    // What the leader sends to a member that has i1 and i2 left.
    private static Proposal Rest() =>
        new(B(1, 0)) { First = 3, Chosen = 2, Commands = ["c", "d", "e", "f"] };

    private static long Known(MultiPaxosMember member) => member.Kernel.State.Damage.Number;

    private static StringComparison Ordinal => StringComparison.Ordinal;
}
