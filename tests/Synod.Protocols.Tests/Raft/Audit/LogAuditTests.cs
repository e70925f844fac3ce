using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>The audit finds logs that differ where they must not.</summary>
public class LogAuditTests
{
    private static readonly byte[] Other = [9, 9, 9, 9, 9, 9, 9, 9];

    [Fact]
    [Rule(RaftRules.LogMatching)]
    public void Two_commands_in_one_index_and_term_on_two_disks()
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(RaftRules.LogMatching, AuditScene.RuleOf(
            () => scene.Store(scene.M0, Command(3, 1), Other)));
    }

    [Fact]
    [Rule(RaftRules.LogMatching)]
    public void Entries_that_are_not_what_the_leader_made()
    {
        AssertBreaks(new Append(1) { After = (2, 1), Entries = [(1, "otherone")] });
        AssertBreaks(new Append(1) { After = (2, 1), Entries = [(1, "short")] });
        AssertBreaks(new Append(1) { After = (2, 1), Entries = [(1, null)] });
        AssertBreaks(new Append(1) { After = (1, 0), Entries = [(1, "otherone")] });
        AssertBreaks(new Append(1) { After = (3, 1), Entries = [(1, "otherone")] });
        AssertBreaks(new Append(1) { After = (2, 0) });
        AssertBreaks(new Append(1) { After = (9, 1) });
    }

    [Fact]
    [Rule(RaftRules.LogMatching)]
    public void An_entry_that_no_leader_made()
    {
        AuditScene scene = AuditScene.Led();
        scene.Store(scene.M2, new VoteRecord(new Term(1), null));

        Assert.Equal(RaftRules.LogMatching, AuditScene.RuleOf(
            () => scene.Store(scene.M2, Command(1, 1), Other)));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_record_of_another_entry_than_the_own_log_has()
    {
        AuditScene scene = AuditScene.Led();
        Outbox outbox = AuditScene.OutboxOf(scene.M1);
        outbox.Persist(Command(3, 1));

        Assert.Equal(
            RaftRules.DurableBeforeAnswer,
            AuditScene.RuleOf(() => scene.Stepped(scene.M1, outbox)));
    }

    [Fact]
    [Rule(RaftRules.LeaderAppendOnly)]
    public void A_leader_that_writes_where_it_has_written()
    {
        AuditScene scene = AuditScene.Led();
        Outbox outbox = AuditScene.OutboxOf(scene.M0);
        outbox.Resume(new RecordNumber(scene.M0.Appended.Number - 1));
        outbox.Persist(Command(2, 1), Payload.Transient(0, 8));

        Assert.Equal(
            RaftRules.LeaderAppendOnly,
            AuditScene.RuleOf(() => scene.Stepped(scene.M0, outbox)));
    }

    [Fact]
    [Rule(RaftRules.CommittedStays)]
    public void A_committed_entry_that_goes_from_a_disk()
    {
        AuditScene scene = AuditScene.Led();

        Assert.Equal(RaftRules.CommittedStays, AuditScene.RuleOf(() => scene.Store(
            scene.M1, new EntryRecord(new LogIndex(1), new Term(1), RaftEntryKind.NoOp))));
    }

    [Fact]
    [Rule(RaftRules.CommittedStays)]
    public void A_committed_entry_that_a_restart_does_not_give_back()
    {
        AuditScene scene = AuditScene.Led();
        RaftMember shorter = RaftScenes.Follower((1, null));
        scene.Audit.Ended(new Member(1));

        Assert.Equal(RaftRules.CommittedStays, AuditScene.RuleOf(
            () => scene.Audit.Began(new Member(1), shorter.Kernel, shorter.OnDisk)));
    }

    private static EntryRecord Command(long index, long term) =>
        new(new LogIndex(index), new Term(term), RaftEntryKind.Command);

    private static void AssertBreaks(Append append)
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(RaftRules.LogMatching, AuditScene.RuleOf(
            () => scene.Leaves(scene.M0, scene.M2, append.Frame())));
    }
}
