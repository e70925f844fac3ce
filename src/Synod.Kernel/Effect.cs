namespace Synod.Kernel;

/// <summary>One entry of an <see cref="Outbox"/>. Which properties mean something depends on
/// <see cref="Kind"/>.</summary>
public readonly struct Effect
{
    /// <summary>What is asked for.</summary>
    public EffectKind Kind { get; internal init; }

    /// <summary>Persist: the number of the record. Send, Deliver, ReadReady,
    /// Release: the record that must be durable before.</summary>
    public RecordNumber Record { get; internal init; }

    /// <summary>Send: to whom.</summary>
    public MemberSet Targets { get; internal init; }

    /// <summary>Violated: the peer.</summary>
    public Member Peer { get; internal init; }

    /// <summary>Deliver, ReadReady, Evaluate, Done, Reject, Abandon, TransferEnded: the request, or
    /// zero if it is not ours.</summary>
    public RequestId Request { get; internal init; }

    /// <summary>Reject: why.</summary>
    public RejectReason Reason { get; internal init; }

    /// <summary>TransferEnded: how.</summary>
    public TransferOutcome Transfer { get; internal init; }

    /// <summary>WakeAt: when.</summary>
    public Instant Time { get; internal init; }

    /// <summary>Persist, Deliver: the command. Release: of which record, no bytes.</summary>
    public Payload Command { get; internal init; }

    /// <summary>Send at once: the rule that allows it. Violated: the rule that was
    /// violated.</summary>
    public string? Rule { get; internal init; }

    /// <summary>Persist: whether the record is a statement.</summary>
    public bool IsStatement { get; internal init; }

    /// <summary>Persist: whether the record may wait for a flush that somebody waits for.</summary>
    public bool CanWait { get; internal init; }

    internal int BytesStart { get; init; }

    internal int BytesLength { get; init; }

    internal int PayloadsStart { get; init; }

    internal int PayloadsCount { get; init; }
}
