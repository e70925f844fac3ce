using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>The hot path allocates nothing: lists grow, and that is all.</summary>
public abstract class SteadyStateTests
{
    private const int Warmup = 1100;
    private const int Measured = 500;

    private readonly FrameBuffer _frame = new(4096);

    [Fact]
    public void A_leader_orders_a_command_without_allocating()
    {
        GroupMember leader = Leader();
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
        GroupMember follower = Follower();
        for (int command = 0; command < Warmup; command++)
            Store(follower, command);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int command = Warmup; command < Warmup + Measured; command++)
            Store(follower, command);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Warmup + Measured, follower.Kernel.Status.Committed);
    }

    /// <summary>m0 of three leads, and i1 is committed.</summary>
    private protected abstract GroupMember Leader();

    /// <summary>m1 of three follows m0, and has i1.</summary>
    private protected abstract GroupMember Follower();

    /// <summary>A follower has all up to there.</summary>
    private protected abstract void WriteAnswer(FrameBuffer frame, LogIndex index, long round);

    /// <summary>m0 sends the command of 16 bytes behind an entry, which is committed.</summary>
    private protected abstract void WriteCommand(FrameBuffer frame, LogIndex after, long round);

    // The kernel alone, on the outbox of the member; nothing is performed.
    private void Order(GroupMember leader, int command)
    {
        Turn turn = new(leader.Now);
        RequestId request = new(command + 1);
        (IKernel kernel, Outbox outbox) = (leader.Kernel, leader.Outbox);
        kernel.Propose(turn, request, Payload.Transient(0, 16), Footprint.Universal, outbox);
        kernel.Read(turn, request, Footprint.Universal, outbox);
        kernel.Settle(turn, outbox);
        kernel.Persisted(turn, outbox.Appended, outbox);
        Answer(leader, 1, command);
        Answer(leader, 2, command);
        outbox.Clear();
    }

    private void Answer(GroupMember leader, byte peer, int command)
    {
        _frame.Clear();
        WriteAnswer(_frame, new LogIndex(command + 2), command + 1);
        leader.Kernel.Receive(
            new Turn(leader.Now), new Member(peer), _frame.Written, leader.Outbox);
    }

    private void Store(GroupMember follower, int command)
    {
        Turn turn = new(follower.Now);
        _frame.Clear();
        WriteCommand(_frame, new LogIndex(command + 1), command);
        _frame.Reserve(16);
        follower.Kernel.Receive(turn, new Member(0), _frame.Written, follower.Outbox);
        follower.Kernel.Settle(turn, follower.Outbox);
        follower.Kernel.Persisted(turn, follower.Outbox.Appended, follower.Outbox);
        follower.Outbox.Clear();
    }
}
