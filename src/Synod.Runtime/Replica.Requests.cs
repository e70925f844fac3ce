using System.Buffers.Binary;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What clients ask, and what they are answered.</summary>
internal sealed partial class Replica
{
    private PendingRequests _pending;

    private KernelStatus KernelStatusNow => _kernel?.Status ?? default;

    private NodeId? LeaderNow =>
        _kernel?.Status.Leader is Member leader ? NodeOf(leader) : null;

    private NodeId Self => _host.Node.Identity.Member.Node;

    private NodeId? SuccessorNow =>
        _kernel?.Status.Successor is Member successor ? NodeOf(successor) : null;

    /// <summary>A request of a client, with what stands behind its head in the frame.</summary>
    public void Request(
        Instant now, ConnectionId client, in RequestHead head, ReadOnlySpan<byte> rest)
    {
        PendingRequest request = new(client, head.Number, rest.Length, default);
        if (head.Kind == RequestKind.Status)
            AnswerStatus(now, request);
        else if (rest.Length > _options.RequestBytesMax)
            Reply(request, ResponseKind.TooLarge, default);
        else if (head.Kind == RequestKind.Unwatch)
            Unwatch(client, head.Number);
        else if (head.Kind == RequestKind.WatchUse)
            UseWatches(request, rest);
        else if (_kernel is null)
            Refuse(request, $"{_options.Id} is not created yet: not all its members were there.");
        else if (_machineFailure is not null)
            Refuse(request, _machineFailure);
        else if (IsGone && IsForLeader(head.Kind))
            Answer(Register(request), RejectReason.NotLeader);
        else if (IsRebuilding && head.Kind is (RequestKind.LocalQuery or RequestKind.Watch))
            Refuse(request, $"The machine of {_options.Id} begins anew on {Self}.");
        else if (head.Kind == RequestKind.LocalQuery)
            AnswerLocally(request, rest);
        else if (head.Kind == RequestKind.Watch && IsRetiring)
            Refuse(request, $"{Self} stops.");
        else if (head.Kind == RequestKind.Watch)
            Watch(request, rest);
        else if (head.Kind == RequestKind.Transfer)
            Transfer(now, request, rest);
        else if (ObjectionTo(head.Kind, rest.Length) is ResponseKind objection)
            Reply(request, objection, default);
        // A query that is sent again to the leader costs a message between client and node; it
        // would cost two between nodes.
        else if (head.Kind == RequestKind.Query && LeaderNow is NodeId leader && leader != Self)
            Answer(Register(request), RejectReason.NotLeader);
        else if (head.Kind is RequestKind.Query or RequestKind.NearQuery)
            Read(now, request with { Query = rest.ToArray() });
        else
            Propose(now, request with { TellsCommit = IsStepwise(head) }, rest);
    }

    private ResponseKind? ObjectionTo(RequestKind kind, int bytes)
    {
        if (CannotServe(kind))
            return ResponseKind.NoQuorum;

        return IsOverloaded(bytes) ? ResponseKind.Overloaded : null;
    }

    private static bool IsForLeader(RequestKind kind) => kind
        is RequestKind.Command or RequestKind.StepwiseCommand or RequestKind.Query;

    private static bool IsStepwise(in RequestHead head) =>
        head.Kind == RequestKind.StepwiseCommand;

    private void AnswerLocally(in PendingRequest request, ReadOnlySpan<byte> query)
    {
        Counters.LocalReads++;
        AnswerQuery(Register(request), query);
    }

    private void Propose(Instant now, in PendingRequest request, ReadOnlySpan<byte> envelope)
    {
        FrameReader reader = new(envelope);
        Envelope read = Envelope.ReadFrom(ref reader);
        string? fault = "a command has an envelope of this version";
        Footprint footprint = default;
        if (reader.IsComplete)
            fault = _buffers.Footprints.Of(_options.Machine, read, out footprint);
        if (fault is not null)
        {
            Misused(request, fault);
            return;
        }

        Payload command = Payload.Transient(0, envelope.Length);
        Counters.Proposals++;
        _proposing = Register(
            IsOrdered ? request : request with { Query = envelope.ToArray() });
        _kernel?.Propose(new Turn(now), _proposing, command, footprint, Outbox);
        Perform(envelope);
        _proposing = default;
    }

    private void Read(Instant now, in PendingRequest request)
    {
        string? fault = _buffers.Footprints.OfQuery(
            _options.Machine, request.Query.Span, out Footprint footprint);
        if (fault is not null)
        {
            Misused(request, fault);
            return;
        }

        Counters.Reads++;
        _kernel?.Read(new Turn(now), Register(request), footprint, Outbox);
        Perform(default);
    }

    // A request that is larger than the bound still passes when nothing else waits.
    private bool IsOverloaded(int bytes) => _pending.Count >= _options.PendingRequestsMax
        || _pace.TimeOf(Math.Max(_pending.Count, ToDo)) + _host.NewsAge > _options.PendingTimeMax
        || (_pending.Bytes > 0 && _pending.Bytes + bytes > _options.PendingBytesMax);

    private RequestId Register(in PendingRequest request)
    {
        RequestId ticket = _pending.Add(request);
        _untold += request.TellsCommit ? 1 : 0;
        CountPending();
        return ticket;
    }

    // Null if it was refused before the machine could answer.
    private CommandResult? AnswerQuery(RequestId request, ReadOnlySpan<byte> query)
    {
        FrameReader reader = new(query);
        ReadOnlySpan<byte> key = reader.ReadSized();
        ReadOnlySpan<byte> rest = reader.ReadBytes(reader.Remaining);
        if (!reader.IsComplete)
        {
            if (Take(request) is PendingRequest pending)
                Misused(pending, "a query has a sized key");
            return null;
        }

        CommandResult answer;
        try
        {
            answer = _store.Query(key, rest);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            string reason = $"Machine '{_options.Machine.Name}' failed: {failure.Message}";
            Answer(request, ResponseKind.Refused, Encoding.UTF8.GetBytes(reason));
            return null;
        }

        TellAhead(request, key);
        Answer(request, answer.Kind, answer.Bytes.Span);
        return answer;
    }

    private void Answer(RequestId request, RejectReason reason)
    {
        switch (reason)
        {
            case RejectReason.NotLeader:
            case RejectReason.Transferring:
                Span<byte> hint = stackalloc byte[sizeof(uint)];
                BinaryPrimitives.WriteUInt32LittleEndian(hint, Hint);
                Answer(request, ResponseKind.NotLeader, hint);
                break;
            case RejectReason.Overloaded:
                Answer(request, ResponseKind.Overloaded, default);
                break;
            case RejectReason.StorageFull:
                Answer(request, ResponseKind.StorageFull, default);
                break;
            case RejectReason.NotOneKey:
                Answer(
                    request,
                    ResponseKind.Unavailable,
                    "The protocol of this group decides about one key at a time."u8);
                break;
            case RejectReason.NoQuorum:
                Answer(request, ResponseKind.NoQuorum, default);
                break;
        }
    }

    private void Answer(RequestId request, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        if (Take(request) is PendingRequest pending)
            Reply(pending, kind, bytes);
    }

    // Most commands that a follower applies are nobody's request here.
    private PendingRequest? Take(RequestId request)
    {
        if (request == default || !_pending.TryTake(request, out PendingRequest pending))
            return null;

        _runs?.Results.Remove(request.Number);
        _untold -= pending.TellsCommit ? 1 : 0;
        CountPending();
        return pending;
    }

    private void Refuse(in PendingRequest request, string reason) =>
        Reply(request, ResponseKind.Unavailable, Encoding.UTF8.GetBytes(reason));

    private void CountPending()
    {
        Counters.PendingRequests = _pending.Count;
        Counters.PendingBytes = _pending.Bytes;
    }

    private void Misused(in PendingRequest request, string rule)
    {
        _host.Notices.Misused(_options.Id, request.Client, rule);
        Reply(request, ResponseKind.Malformed, Encoding.UTF8.GetBytes(rule));
    }

    private void Reply(in PendingRequest request, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        Counters.CountAnswer(kind);
        _buffers.Answer.Clear();
        new ResponseHead(request.Number, _options.Id, kind).WriteTo(_buffers.Answer);
        _buffers.Answer.WriteBytes(bytes);

        // What reflects a change must not overtake the news of it, nor the end what was told.
        if (_life.Listeners?.Contains(request.Client.Number) == true)
            _host.Transport.Reply(request.Client, _options.Id, _buffers.Answer.Written);
        else
            _host.Transport.Reply(request.Client, _buffers.Answer.Written);
    }

    // Votes and replication go on without the machine; whoever waits learns that it may have
    // happened, and later requests are refused with the reason.
    private void StopMachine(string what, Exception failure)
    {
        _machineFailure = $"Machine '{_options.Machine.Name}' failed at {what} and is stopped on "
            + $"{_host.Node.Identity.Member.Node}: {failure.Message}";
        _host.Notices.Refused(_options.Id, _machineFailure);
        Counters.IsMachineStopped = true;
        DropStream();
        _toReapply = 0;
        EndWatches(WatchEnd.MachineStopped, _machineFailure);
        AbandonAll();
    }

    private void AbandonAll()
    {
        foreach (RequestId request in _pending.All())
            Answer(request, ResponseKind.Unknown, default);
    }
}
