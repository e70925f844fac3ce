using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Raft's damage rule (safety §7), clause by clause.</summary>
public class DamageTests
{
    // The damage of the second life in the first boot.
    private const long Second = (1L << 32) | 2;

    // r1 is the term; r2 to r6 are i1 to i5.
    private static readonly (long, string?)[] Five =
        [(1, null), (1, "b"), (1, "c"), (1, "d"), (1, "e")];

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamageIsBounded)]
    public void Entries_before_a_gap_are_kept_and_what_stood_last_is_known()
    {
        RaftMember member = Damaged(4, 4);

        Assert.Equal(["i1 t1", "i2 t1"], member.LogTerms());
        Assert.Equal(new RaftDamage(Second, KernelHealth.Damaged, Last(5, 1)), DamageOf(member));
    }

    // i3 to i5 of the leader of t2 took the place of others; the records of the first two are lost.
    // The old i3 and i4 are there and not what this member has acknowledged.
    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamageIsBounded)]
    public void What_a_lost_conflict_may_have_rewritten_is_not_trusted()
    {
        RaftMember member = RaftScenes.Follower(Five);
        Append conflict = new(2) { After = (2, 1), Entries = [(2, null), (2, "x"), (2, "y")] };
        member.Receive(2, conflict.Frame());
        member.Settle();
        member.Persisted();
        member.Crash();
        member.Damage(8, 9);
        member.Restart();

        Assert.Equal(["i1 t1", "i2 t1"], member.LogTerms());
        Assert.Equal(Last(5, 2), DamageOf(member).Last);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamageIsBounded)]
    public void Behind_the_last_entry_that_is_left_nothing_is_known()
    {
        RaftMember member = Damaged(6, 6);

        Assert.Empty(member.LogTerms());
        Assert.Equal(new RaftDamage(Second, KernelHealth.Damaged, null), DamageOf(member));
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamageIsBounded)]
    public void Lost_entries_that_were_cut_off_later_are_no_damage()
    {
        RaftMember member = RaftScenes.Follower(Five);
        member.Receive(2, new Append(2) { After = (1, 1), Entries = [(2, null)] }.Frame());
        member.Settle();
        member.Persisted();
        member.Crash();
        member.Damage(4, 4);
        string[] lines = member.Restart();

        Assert.Equal(["i1 t1", "i2 t2"], member.LogTerms());
        Assert.Empty(lines);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedIsSilent)]
    public void It_says_so_durably_before_anything_else()
    {
        RaftMember member = RaftScenes.Follower(Five);
        member.Crash();
        member.Damage(4, 4);

        Assert.Equal(
            [
                "persist r7 vote t1 for nobody damaged 1.2 last i5 t1",
                "role Following t1 leader unknown",
            ],
            member.Restart());
        Assert.Equal(
            ["send {m2} PreVoteReply t1 refused gate r7"],
            member.Receive(2, RaftFrames.PreVote(2, 4, 1)));
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedIsSilent)]
    public void It_never_campaigns()
    {
        RaftMember member = Damaged(4, 4);
        for (int wait = 0; wait < 5; wait++)
            Assert.Empty(member.WakeWhenDue());
        member.PeerDown(0);
        member.PeerDown(2);
        for (int wait = 0; wait < 5; wait++)
            Assert.Empty(member.WakeWhenDue());

        member.Receive(0, new Append(1) { After = (2, 1) }.Frame());
        Assert.Empty(member.Receive(0, RaftFrames.TimeoutNow(1, last: 5, transfer: 1)));
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedVotesByWhatItHad)]
    public void It_votes_by_the_newest_entry_that_it_had_and_not_by_what_is_left()
    {
        RaftMember member = Damaged(4, 4);

        Assert.Contains("refused", member.Receive(2, RaftFrames.PreVote(2, 4, 1))[^1]);
        Assert.Contains("granted", member.Receive(2, RaftFrames.PreVote(2, 5, 1))[^1]);
        Assert.Contains("refused", member.Receive(2, RaftFrames.RequestVote(2, 4, 1))[^1]);
        Assert.Null(member.Kernel.State.VotedFor);
        Assert.Contains("granted", member.Receive(2, RaftFrames.RequestVote(3, 5, 1))[^1]);
        Assert.Equal(new Member(2), member.Kernel.State.VotedFor);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedVotesByWhatItHad)]
    public void It_votes_for_nobody_if_its_newest_entry_is_not_known()
    {
        RaftMember member = Damaged(6, 6);

        Assert.Contains("refused", member.Receive(2, RaftFrames.PreVote(9, 99, 8))[^1]);
        Assert.Contains("refused", member.Receive(2, RaftFrames.RequestVote(9, 99, 8))[^1]);
    }

    [Fact]
    [Feature("C11")]
    [Rule(RaftRules.DamagedVotesByWhatItHad)]
    public void It_has_no_voice_for_ever_if_its_term_or_vote_may_be_lost()
    {
        RaftMember member = Damaged(1, 1);
        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Assert.Contains("refused", member.Receive(2, RaftFrames.PreVote(9, 99, 8))[^1]);
        Assert.Contains("refused", member.Receive(2, RaftFrames.RequestVote(9, 99, 8))[^1]);

        Append all = new(10) { Entries = [(10, null)], Damage = Second };
        member.Receive(0, all.Frame());
        Assert.Contains("accepted i1 round 0 Voiceless 1.2", member.Settle()[^1]);
        member.Persisted();
        member.Crash();
        Assert.Contains("voiceless 1.3", member.Restart()[0]);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void What_it_accepts_is_no_acknowledgement()
    {
        RaftMember member = Damaged(4, 4);
        member.Receive(0, Gap().Frame());

        Assert.Contains("accepted i5 round 0 Damaged 1.2", member.Settle()[^1]);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void A_refusal_names_the_damage_and_is_gone_on_from_where_it_says()
    {
        RaftMember member = Damaged(4, 4);
        string[] refused = member.Receive(0, new Append(1) { After = (5, 1) }.Frame());

        Assert.Equal(
            "send {m0} AppendReply t1 refused i5 hint i2 t1 round 0 Damaged 1.2 gate r7",
            refused[^1]);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void The_leader_counts_nothing_of_a_damaged_follower_and_no_older_answer()
    {
        RaftMember leader = RaftScenes.NewLeader(3);
        leader.Persisted();
        leader.Receive(1, RaftFrames.Accepted(1, 1, (Second, KernelHealth.Damaged)));
        leader.Receive(1, RaftFrames.Accepted(1, 1));
        Assert.Equal(LogIndex.Zero, leader.Kernel.State.Commit);

        leader.Receive(1, RaftFrames.Accepted(1, 1, (Second, KernelHealth.Whole)));
        Assert.Equal(new LogIndex(1), leader.Kernel.State.Commit);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void A_voiceless_follower_confirms_no_read_and_no_leadership()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Read(7);
        leader.Settle();
        Assert.Empty(leader.Receive(
            1, RaftFrames.Accepted(1, 1, (Second, KernelHealth.Voiceless), round: 1)));
        Assert.Contains(
            "read-ready q7",
            leader.Receive(2, RaftFrames.Accepted(1, 1, (Second, KernelHealth.Damaged), round: 1)));
    }

    // It was repaired once, and has forgotten that too: its number must not be taken for the one
    // with which it was whole.
    [Fact]
    [Feature("C11")]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void What_it_said_while_it_was_whole_counts_no_more_when_it_has_no_voice()
    {
        RaftMember member = Damaged(4, 4);
        member.Receive(0, (Gap() with { Damage = Second }).Frame());
        member.Persisted();
        member.Crash();
        member.Damage(7, 11);
        member.Restart();
        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        long number = DamageOf(member).Number;
        Assert.True(number > Second);

        RaftMember leader = RaftScenes.NewLeader(3);
        leader.Receive(1, RaftFrames.Accepted(1, 1, (Second, KernelHealth.Whole)));
        leader.Receive(1, RaftFrames.Accepted(1, 1, (number, KernelHealth.Voiceless)));
        leader.Receive(1, RaftFrames.Accepted(1, 1, (Second, KernelHealth.Whole)));
        leader.Persisted();
        Assert.Equal(LogIndex.Zero, leader.Kernel.State.Commit);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.RepairCoversAll)]
    public void It_is_whole_again_when_it_has_all_that_a_leader_had_who_knew()
    {
        RaftMember member = Damaged(4, 4);
        member.Receive(0, (Gap() with { Damage = Second }).Frame());

        string[] lines = member.Settle();
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i5 round 0 Whole 1.2 gate r11"], lines);
        member.Persisted();
        member.Crash();
        Assert.Empty(member.Restart());
        Assert.Equal(5, member.LogTerms().Count);
    }

    // Sent before the leader knew: it may have appended more since, which this member has
    // acknowledged before its crash.
    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.RepairCoversAll)]
    public void A_message_from_before_the_leader_knew_repairs_nothing()
    {
        RaftMember member = Damaged(4, 4);
        Append early = new(1) { After = (2, 1), Entries = [(1, "c")] };
        member.Receive(0, early.Frame());
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);

        Append shorter = early with { Damage = Second, Last = 5 };
        member.Receive(0, shorter.Frame());
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);
        member.Receive(0, (Gap() with { Damage = Second }).Frame());
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.RepairCoversAll)]
    public void What_one_leader_had_does_not_measure_what_the_next_one_sends()
    {
        RaftMember member = Damaged(4, 4);
        member.Receive(0, new Append(1) { After = (2, 1), Damage = Second, Last = 4 }.Frame());
        Append newer = new(2)
        {
            After = (2, 1),
            Entries = [(1, "c"), (1, "d")],
            Damage = Second,
            Last = 6,
        };
        member.Receive(2, newer.Frame());

        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.RepairCoversAll)]
    public void A_restart_amid_the_repair_begins_it_anew_with_what_it_had_at_first()
    {
        RaftMember member = Damaged(4, 4);
        member.Receive(0, new Append(1) { After = (2, 1), Entries = [(1, "c")] }.Frame());
        member.Persisted();
        member.Crash();
        string[] lines = member.Restart();

        Assert.Equal("persist r9 vote t1 for nobody damaged 1.3 last i5 t1", lines[0]);
        Assert.Equal(3, member.LogTerms().Count);
        member.Receive(0, (Gap() with { Damage = Second }).Frame());
        Assert.Equal(KernelHealth.Damaged, member.Kernel.Status.Health);
        member.Receive(0, (Gap() with { Damage = Second + 1 }).Frame());
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
    }

    // The number that it had in between is lost as well, and the leader knows it: with a lower one
    // it would not be heard for ever (seed 681 of any number of damaged disks).
    [Fact]
    [Feature("C11")]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void The_number_goes_up_even_if_the_last_ones_are_forgotten()
    {
        RaftMember member = Damaged(4, 4);
        LoseRecords(member, 1);
        member.Persisted();
        member.Crash();
        member.Restart();
        long said = DamageOf(member).Number;
        LoseRecords(member, 2);

        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Assert.True(DamageOf(member).Number > said);
    }

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.DamagedIsSilent)]
    public void If_what_it_has_said_of_the_damage_is_lost_it_has_no_voice()
    {
        RaftMember member = Damaged(4, 4);
        member.Persisted();
        member.Receive(0, new Append(1) { After = (2, 1), Entries = [(1, "c")] }.Frame());
        member.Persisted();
        member.Crash();
        member.Damage(7, 7);
        member.Restart();

        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
    }

    [Fact]
    [Feature("C08")]
    [Rule(RaftRules.CommittedStays)]
    public void To_cut_a_committed_entry_is_a_fatal_error()
    {
        RaftMember member = RaftScenes.Follower(Five);
        member.Receive(0, new Append(1) { After = (5, 1), Commit = 4 }.Frame());

        InvariantBrokenException broken = Assert.Throws<InvariantBrokenException>(
            () => member.Kernel.State.CutFrom(new LogIndex(4)));
        Assert.Contains(RaftRules.CommittedStays, broken.Message, StringComparison.Ordinal);
        member.Kernel.State.CutFrom(new LogIndex(5));
    }

    private static RaftMember Damaged(int from, int through)
    {
        RaftMember member = RaftScenes.Follower(Five);
        member.Crash();
        member.Damage(from, through);
        member.Restart();
        return member;
    }

    private static void LoseRecords(RaftMember member, int count)
    {
        member.Persisted();
        member.Crash();
        int last = checked((int)member.Durable.Number);
        member.Damage(last - count + 1, last);
        member.Restart();
    }

    // What the leader sends to a member that has i1 and i2 left.
    private static Append Gap() =>
        new(1) { After = (2, 1), Entries = [(1, "c"), (1, "d"), (1, "e")] };

    private static RaftDamage DamageOf(RaftMember member) => member.Kernel.State.Damage;

    private static RaftLast Last(long index, long term) =>
        new(new LogIndex(index), new Term(term));
}
