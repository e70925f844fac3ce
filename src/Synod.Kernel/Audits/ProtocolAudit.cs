namespace Synod.Kernel;

/// <summary>What all audits of a protocol do alike: a seat for each member, the effects of a step
/// one by one, and a comparison of a kernel with what its disk would give back.</summary>
/// <typeparam name="TReplica">The kernel of the protocol.</typeparam>
/// <typeparam name="TSeat">What is seen of a member.</typeparam>
public abstract class ProtocolAudit<TReplica, TSeat> : IProtocolAudit
    where TReplica : class, IKernel
    where TSeat : AuditSeat<TReplica>
{
    private readonly string _durableBeforeAnswer;

    /// <summary>Watches the members of an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="durableBeforeAnswer">The protocol's rule that a kernel goes by what its disk
    /// holds.</param>
    /// <param name="seat">Makes the seat of a member.</param>
    protected ProtocolAudit(
        EpochDescriptor epoch, string durableBeforeAnswer, Func<Member, TSeat> seat)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        Epoch = epoch;
        _durableBeforeAnswer = durableBeforeAnswer;
        Seats = [.. epoch.Members.Select((_, index) => seat(new Member((byte)index)))];
    }

    /// <inheritdoc/>
    public Func<Member, Instant>? Clocks { get; set; }

    /// <inheritdoc/>
    public Action<string>? Notices { get; set; }

    /// <inheritdoc/>
    public Action<Member, string>? Names { get; set; }

    /// <summary>The epoch.</summary>
    protected EpochDescriptor Epoch { get; }

    /// <summary>The seats, by the index of their member.</summary>
    protected IReadOnlyList<TSeat> Seats { get; }

    /// <inheritdoc/>
    public abstract void Began(Member member, IKernel live, IKernel durable);

    /// <inheritdoc/>
    public void Ended(Member member) => Seats[member.Index].End();

    /// <inheritdoc/>
    public abstract void Stepped(Member member, Outbox outbox, int first);

    /// <inheritdoc/>
    public abstract void Reads(Member member, RequestId request, in Footprint footprint);

    /// <inheritdoc/>
    public abstract void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body);

    /// <inheritdoc/>
    public abstract void Leaves(Member from, Member target, ReadOnlySpan<byte> frame);

    /// <inheritdoc/>
    public virtual void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
    {
    }

    /// <inheritdoc/>
    public abstract void Lost(Member member);

    /// <inheritdoc/>
    public abstract void Damaged(Member member);

    /// <inheritdoc/>
    public abstract void Check();

    /// <summary>A kernel as the one of this protocol.</summary>
    /// <exception cref="ArgumentException">It is of another.</exception>
    protected static TReplica ReplicaIn(IKernel kernel) => kernel as TReplica
        ?? throw new ArgumentException("The kernel is none of this protocol.", nameof(kernel));

    /// <summary>What the disk gives back is what the kernel goes by, when all of it is
    /// durable.</summary>
    protected void CheckDigests(TSeat seat, TReplica held)
    {
        ArgumentNullException.ThrowIfNull(seat);
        ArgumentNullException.ThrowIfNull(held);
        StateHash live = default;
        StateHash durable = default;
        seat.Alive.Digest(ref live);
        held.Digest(ref durable);
        Invariant.Holds(
            live.Value == durable.Value,
            _durableBeforeAnswer,
            $"{seat.Member} goes by another state than its disk holds{Difference(seat, held)}");
    }

    /// <summary>In words, how a kernel differs from what its disk would give back.</summary>
    protected virtual string Difference(TSeat seat, TReplica held) => "";

    /// <summary>Looks at each effect of a step.</summary>
    protected void CheckEffects(TSeat seat, Outbox outbox, int first)
    {
        ArgumentNullException.ThrowIfNull(seat);
        ArgumentNullException.ThrowIfNull(outbox);
        foreach (ref readonly Effect effect in outbox.Effects[first..])
            CheckEffect(seat, effect, outbox.Bytes(effect));
    }

    /// <summary>A record is written.</summary>
    protected abstract void CheckRecord(TSeat seat, in Effect effect, ReadOnlySpan<byte> body);

    /// <summary>A frame is sent; its gate may be shut.</summary>
    protected virtual void CheckSend(TSeat seat, in Effect effect, ReadOnlySpan<byte> frame)
    {
    }

    /// <summary>A command is committed, and will be delivered.</summary>
    protected virtual void CheckCommitted(TSeat seat, in Effect effect)
    {
    }

    /// <summary>A command is delivered to the machine.</summary>
    protected abstract void CheckDelivery(TSeat seat, in Effect effect);

    /// <summary>A read may be answered.</summary>
    protected abstract void CheckRead(TSeat seat, RequestId request);

    /// <summary>A request is refused.</summary>
    protected virtual void CheckRejected(TSeat seat, in Effect effect)
    {
    }

    /// <summary>A command runs on the state of a key, within a round.</summary>
    protected virtual void CheckEvaluation(TSeat seat, RequestId request, in KeyState state)
    {
    }

    /// <summary>The state of a key is chosen.</summary>
    protected virtual void CheckLearned(TSeat seat, in KeyState state)
    {
    }

    /// <summary>A command ends with the answer of its last run.</summary>
    protected virtual void CheckDone(TSeat seat, RequestId request)
    {
    }

    private void CheckEffect(TSeat seat, in Effect effect, ReadOnlySpan<byte> bytes)
    {
        switch (effect.Kind)
        {
            case EffectKind.Persist:
                seat.Pending++;
                CheckRecord(seat, effect, bytes);
                break;
            case EffectKind.Send:
                CheckSend(seat, effect, bytes);
                break;
            case EffectKind.Evaluate:
                CheckEvaluation(seat, effect.Request, KeyState.Of(bytes));
                break;
            case EffectKind.Learned:
                CheckLearned(seat, KeyState.Of(bytes));
                break;
            case EffectKind.Violated:
                Invariant.Holds(
                    false, effect.Rule ?? "", $"{seat.Member} blames {effect.Peer}, who is honest");
                break;
            default:
                CheckOutcome(seat, effect);
                break;
        }
    }

    private void CheckOutcome(TSeat seat, in Effect effect)
    {
        if (effect.Kind == EffectKind.Committed)
            CheckCommitted(seat, effect);
        else if (effect.Kind == EffectKind.Deliver)
            CheckDelivery(seat, effect);
        else if (effect.Kind == EffectKind.ReadReady)
            CheckRead(seat, effect.Request);
        else if (effect.Kind == EffectKind.Reject)
            CheckRejected(seat, effect);
        else if (effect.Kind == EffectKind.Done)
            CheckDone(seat, effect.Request);
    }
}
