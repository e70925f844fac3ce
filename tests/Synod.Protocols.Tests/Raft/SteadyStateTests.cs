using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>The hot path allocates nothing: lists grow, and that is all.</summary>
public class SteadyStateTests
{
    private const int Warmup = 1100;
    private const int Measured = 500;

    private readonly FrameBuffer _frame = new(4096);

    [Fact]
    public void A_leader_orders_a_command_without_allocating()
    {
        RaftMember leader = RaftScenes.Leader(3);
        for (int command = 0; command < Warmup; command++)
            Order(leader, command);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int command = Warmup; command < Warmup + Measured; command++)
            Order(leader, command);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Warmup + Measured + 1, leader.Kernel.Status.Committed);
    }

    [Fact]
    public void A_follower_stores_and_delivers_without_allocating()
    {
        RaftMember follower = RaftScenes.Follower((1, null));
        for (int command = 0; command < Warmup; command++)
            Store(follower, command);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int command = Warmup; command < Warmup + Measured; command++)
            Store(follower, command);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Warmup + Measured, follower.Kernel.Status.Committed);
    }

    // The kernel alone, on the outbox of the member; nothing is performed.
    private void Order(RaftMember leader, int command)
    {
        Turn turn = new(leader.Now);
        RequestId request = new(command + 1);
        (RaftReplica kernel, Outbox outbox) = (leader.Kernel, leader.Outbox);
        kernel.Propose(turn, request, Payload.Transient(0, 16), Footprint.Universal, outbox);
        kernel.Read(turn, request, Footprint.Universal, outbox);
        kernel.Settle(turn, outbox);
        kernel.Persisted(turn, outbox.Appended, outbox);
        Answer(leader, 1, command);
        Answer(leader, 2, command);
        outbox.Clear();
    }

    private void Answer(RaftMember leader, byte peer, int command)
    {
        LogIndex index = new(command + 2);
        _frame.Clear();
        new AppendReply(new Term(1), true, index, default, default, command + 1).WriteTo(_frame);
        leader.Kernel.Receive(
            new Turn(leader.Now), new Member(peer), _frame.Written, leader.Outbox);
    }

    private void Store(RaftMember follower, int command)
    {
        Turn turn = new(follower.Now);
        ReadOnlySpan<RaftEntryHead> entries = [new(new Term(1), RaftEntryKind.Command, 16)];
        _frame.Clear();
        new AppendEntries
        {
            Term = new Term(1),
            PreviousIndex = new LogIndex(command + 1),
            PreviousTerm = new Term(1),
            Commit = new LogIndex(command + 1),
            Round = command,
            TransfersOver = 0,
            Entries = entries,
        }.WriteTo(_frame);
        _frame.Reserve(16);
        follower.Kernel.Receive(turn, new Member(0), _frame.Written, follower.Outbox);
        follower.Kernel.Settle(turn, follower.Outbox);
        follower.Kernel.Persisted(turn, follower.Outbox.Appended, follower.Outbox);
        follower.Outbox.Clear();
    }
}
