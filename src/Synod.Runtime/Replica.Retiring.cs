using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Leadership that moves, from the side of those who call: while it is on its way their
/// commands wait here, and go to whoever leads then. A node that is told to stop hands its
/// leadership over first.</summary>
internal sealed partial class Replica
{
    private const int ParkedBytesMax = 4 << 20;
    private static readonly TimeSpan ParkedMax = TimeSpan.FromMilliseconds(500);

    private Queue<RequestId>? _parked;
    private Instant _parkedDue = Instant.Never;
    private int _parkedBytes;
    private RequestId _proposing;
    private bool _hasHandedOver;
    private bool _isBetween;

    // Whoever is to have leadership, or has it, is the one to ask next; never this node itself.
    private uint Hint
    {
        get
        {
            NodeId? next = SuccessorNow ?? LeaderNow;
            return next == _host.Node.Identity.Member.Node ? 0 : next?.Number ?? 0;
        }
    }

    // It led until just now, and nobody is known to lead instead.
    private bool IsBetween => _isBetween && LeaderNow is null;

    // Whoever asks a node that stops is sent on, as soon as it is known to whom.
    private bool IsGone => IsRetiring && SuccessorNow is null && !IsBetween;

    private bool IsLeading => _kernel?.Status.Role == KernelRole.Leading;

    /// <summary>Whether it was told that the node is about to stop.</summary>
    public bool IsRetiring { get; private set; }

    /// <summary>Whether a node that stops may go: others lead, as far as that can be had, and what
    /// was under way here is answered.</summary>
    public bool IsRetired
    {
        get
        {
            bool isHandedOver = IsLeading
                ? SuccessorNow is null
                : !_hasHandedOver || LeaderNow is not null;
            return _kernel is null
                || (IsRetiring && isHandedOver && _pending.Count == 0 && _stream.Count == 0);
        }
    }

    /// <summary>The node is about to stop: leadership goes to another member, and who asks is sent
    /// there.</summary>
    public void Retire(Instant now)
    {
        IsRetiring = true;
        _hasHandedOver = IsLeading;
        if (IsLeading && SuccessorNow is null)
            _kernel?.Transfer(new Turn(now), default, TransferOrder.ToBest, Outbox);
        Perform(default);
    }

    private void Rejected(in Effect effect, ReadOnlySpan<byte> input)
    {
        bool isMoving = effect.Reason == RejectReason.Transferring
            || (effect.Reason == RejectReason.NotLeader && IsBetween);
        bool isParked = isMoving
            && effect.Request == _proposing
            && _parkedBytes + input.Length <= ParkedBytesMax;
        if (isParked)
            Park(effect.Request, input);
        else
            Answer(effect.Request, effect.Reason);
    }

    // The kernel has taken nothing of it: it is as if the command had come later.
    private void Park(RequestId request, ReadOnlySpan<byte> envelope)
    {
        bool isThere = _pending.TryGet(request, out PendingRequest pending);
        Invariant.Holds(isThere, "Synod design §3: what is proposed has somebody who waits");
        _pending.Set(request, pending with { Query = envelope.ToArray() });
        _parked ??= [];
        _parked.Enqueue(request);
        _parkedBytes += envelope.Length;
    }

    // A leader that another hands over to while its node stops hands over in turn. Commands go in
    // the order in which they came.
    private void FollowLeadership(Instant now)
    {
        if (IsRetiring && IsLeading && !_hasHandedOver)
            Retire(now);
        _isBetween = SuccessorNow is not null || IsBetween;
        if (_parked is null || _parked.Count == 0 || SuccessorNow is not null)
            return;

        if (_parkedDue == Instant.Never)
            _parkedDue = now + ParkedMax;
        if (LeaderNow is null && now < _parkedDue)
            return;

        _parkedDue = Instant.Never;
        _parkedBytes = 0;
        _isBetween = false;
        while (_parked.TryDequeue(out RequestId request))
            Unpark(now, request);
    }

    private void Unpark(Instant now, RequestId request)
    {
        if (!IsLeading || IsRetiring)
            Answer(request, RejectReason.NotLeader);
        else if (Take(request) is PendingRequest pending)
            Propose(now, pending with { Query = default }, pending.Query.Span);
    }
}
