using Synod.Kernel;
using Synod.MultiPaxos;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>The hot path allocates nothing: lists grow, and that is all.</summary>
public class SteadyStateTests
{
    private const int Warmup = 1100;
    private const int Measured = 500;

    private readonly FrameBuffer _frame = new(4096);

    [Fact]
    public void A_leader_orders_a_command_without_allocating()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
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
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, null));
        for (int command = 0; command < Warmup; command++)
            Store(follower, command);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int command = Warmup; command < Warmup + Measured; command++)
            Store(follower, command);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Warmup + Measured, follower.Kernel.Status.Committed);
    }

    // The kernel alone, on the outbox of the member; nothing is performed.
    private void Order(MultiPaxosMember leader, int command)
    {
        Turn turn = new(leader.Now);
        RequestId request = new(command + 1);
        (MultiPaxosReplica kernel, Outbox outbox) = (leader.Kernel, leader.Outbox);
        kernel.Propose(turn, request, Payload.Transient(0, 16), Footprint.Universal, outbox);
        kernel.Read(turn, request, Footprint.Universal, outbox);
        kernel.Settle(turn, outbox);
        kernel.Persisted(turn, outbox.Appended, outbox);
        Answer(leader, 1, command);
        Answer(leader, 2, command);
        outbox.Clear();
    }

    private void Answer(MultiPaxosMember leader, byte peer, int command)
    {
        LogIndex index = new(command + 2);
        _frame.Clear();
        new Accepted(MultiPaxosScenes.First, index, index, false, index, index, command + 1)
            .WriteTo(_frame);
        leader.Kernel.Receive(
            new Turn(leader.Now), new Member(peer), _frame.Written, leader.Outbox);
    }

    private void Store(MultiPaxosMember follower, int command)
    {
        Turn turn = new(follower.Now);
        Ballot ballot = MultiPaxosScenes.First;
        ReadOnlySpan<MultiPaxosSlotHead> slots =
            [new(ballot, MultiPaxosValueKind.Command, 16)];
        _frame.Clear();
        new Accept
        {
            Ballot = ballot,
            First = new LogIndex(command + 2),
            Base = LogIndex.Zero,
            Chosen = new LogIndex(command + 1),
            Round = command,
            TransfersOver = 0,
            Last = new LogIndex(command + 2),
            Slots = slots,
        }.WriteTo(_frame);
        _frame.Reserve(16);
        follower.Kernel.Receive(turn, new Member(0), _frame.Written, follower.Outbox);
        follower.Kernel.Settle(turn, follower.Outbox);
        follower.Kernel.Persisted(turn, follower.Outbox.Appended, follower.Outbox);
        follower.Outbox.Clear();
    }
}
