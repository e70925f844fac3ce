using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register;

/// <summary>The hot path allocates nothing: lists grow, and that is all.</summary>
public class RegisterSteadyStateTests
{
    private const int Warmup = 1100;
    private const int Measured = 500;

    private static readonly byte[] NextState = new byte[16];

    private readonly FrameBuffer _frame = new(4096);

    [Fact]
    public void A_proposer_decides_a_command_without_allocating()
    {
        RegisterMember proposer = RegisterMember.Of(OwnerOfK(3), 3);
        for (int command = 0; command < Warmup; command++)
            Decide(proposer, command);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int command = Warmup; command < Warmup + Measured; command++)
            Decide(proposer, command);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Warmup + Measured, proposer.Kernel.Status.Committed);
    }

    [Fact]
    public void An_acceptor_votes_and_learns_without_allocating()
    {
        RegisterMember acceptor = RegisterMember.Of(OtherThanOwner(3), 3);
        for (int command = 0; command < Warmup; command++)
            Vote(acceptor, command);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int command = Warmup; command < Warmup + Measured; command++)
            Vote(acceptor, command);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Warmup + Measured, acceptor.Kernel.Status.Committed);
    }

    [Fact]
    public void A_read_is_answered_without_allocating()
    {
        RegisterMember reader = RegisterMember.Of(OtherThanOwner(3), 3);
        Vote(reader, 1);
        int answered = 0;
        for (int read = 0; read < Warmup; read++)
            answered += Read(reader, read);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int read = Warmup; read < Warmup + Measured; read++)
            answered += Read(reader, read);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Warmup + Measured, answered);
    }

    // The kernel alone, on the outbox of the member; nothing is performed.
    private void Decide(RegisterMember proposer, int command)
    {
        Turn turn = new(proposer.Now);
        RequestId request = new(command + 1);
        (RegisterReplica kernel, Outbox outbox) = (proposer.Kernel, proposer.Outbox);
        kernel.Propose(turn, request, Payload.Transient(0, 16), WritesK, outbox);
        Ballot ballot = BallotOf(outbox);
        KeyState state = new() { Key = K, Ballot = ballot, State = NextState };
        kernel.Evaluated(turn, request, state, outbox);
        kernel.Settle(turn, outbox);
        kernel.Persisted(turn, outbox.Appended, outbox);
        foreach (int peer in (ReadOnlySpan<int>)[Peer(proposer), Third(proposer)])
        {
            _frame.Clear();
            _frame.WriteByte(RegisterCodec.Version);
            new Accepted(K, ballot).WriteTo(_frame);
            kernel.Receive(turn, new Member((byte)peer), _frame.Written, outbox);
        }

        kernel.Settle(turn, outbox);
        outbox.Clear();
    }

    // Whoever is asked holds what this member holds.
    private int Read(RegisterMember reader, int read)
    {
        Turn turn = new(reader.Now);
        (RegisterReplica kernel, Outbox outbox) = (reader.Kernel, reader.Outbox);
        kernel.Read(turn, new RequestId(read + 1), ReadsK, outbox);
        kernel.Settle(turn, outbox);
        _frame.Clear();
        _frame.WriteByte(RegisterCodec.Version);
        new Answer
        {
            Key = K,
            Ticket = new RegisterTicket(1, 1, read + 1),
            IsChosen = true,
            Vote = new RegisterVote { Ballot = B(3, OwnerOfK(3)), IsLeftOut = true },
        }.WriteTo(_frame);
        kernel.Receive(turn, new Member((byte)Peer(reader)), _frame.Written, outbox);
        int answered = 0;
        foreach (ref readonly Effect effect in outbox.Effects)
            answered += effect.Kind == EffectKind.ReadReady ? 1 : 0;
        kernel.Settle(turn, outbox);
        outbox.Clear();
        return answered;
    }

    private static Ballot BallotOf(Outbox outbox)
    {
        foreach (ref readonly Effect effect in outbox.Effects)
        {
            if (effect.Kind == EffectKind.Evaluate)
                return KeyState.Of(outbox.Bytes(effect)).Ballot;
        }

        return Ballot.Zero;
    }

    private void Vote(RegisterMember acceptor, int command)
    {
        Turn turn = new(acceptor.Now);
        (RegisterReplica kernel, Outbox outbox) = (acceptor.Kernel, acceptor.Outbox);
        Ballot ballot = B(command + 2, OwnerOfK(3));
        _frame.Clear();
        _frame.WriteByte(RegisterCodec.Version);
        new Accept { Key = K, Ballot = ballot, State = NextState }.WriteTo(_frame);
        new Chosen(K, ballot).WriteTo(_frame);
        kernel.Receive(turn, ballot.Proposer, _frame.Written, outbox);
        kernel.Settle(turn, outbox);
        kernel.Persisted(turn, outbox.Appended, outbox);
        outbox.Clear();
    }
}
