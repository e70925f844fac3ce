using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The ordered stream: what the kernel delivered, handled one item after the
/// other.</summary>
internal sealed partial class Replica
{
    private const int BytesPerTurnMax = 1 << 20;

    private readonly Queue<StreamItem> _stream = [];
    private long _drainedBytes;
    private MachinePace _pace;
    private string? _machineFailure;

    // What the machine has still to do, as far as it was delivered.
    private long ToDo => _stream.Count + (_runs?.Waiting ?? 0) + _toReapply;

    /// <summary>Whether it can do more in this turn, when it has time.</summary>
    public bool HasMore => CanDrain && _drainedBytes < BytesPerTurnMax;

    private bool IsTurnOver =>
        _drainedBytes >= BytesPerTurnMax || _host.Now > _host.WorkUntil;

    private bool CanGoOn => HasToRun || CanDrain;

    private bool CanDrain => IsNextOpen(out StreamItem next)
        && (next.Kind != EffectKind.Deliver || TryResolveDelivered(next.Command, out _));

    private bool IsNextOpen(out StreamItem next) =>
        TryPeek(out next) && next.Gate <= _records.Durable;

    private void Enqueue(in Effect effect)
    {
        if (effect.Request != default || effect.Kind == EffectKind.Release)
            WantFlush(_records.Appended);
        if (effect.Kind is EffectKind.Deliver or EffectKind.Done)
            TellCommitted(effect);
        if (_machineFailure is null || effect.Kind == EffectKind.Release)
        {
            _stream.Enqueue(new StreamItem(
                effect.Kind, effect.Record, effect.Command, effect.Request)
            {
                State = effect.Kind == EffectKind.Learned
                    ? KeyState.Of(_buffers.Outbox.Bytes(effect)).State.ToArray()
                    : default,
            });
        }
        else
        {
            Answer(effect.Request, ResponseKind.Unknown, default);
        }
    }

    // For a machine that is stopped. It needs no record any more, so the log is given up without
    // it: otherwise it would fill up, for all groups of the node.
    private void DropStream()
    {
        for (int left = _stream.Count; left > 0; left--)
        {
            StreamItem item = _stream.Dequeue();
            if (item.Kind == EffectKind.Release)
                _stream.Enqueue(item);
        }
    }

    /// <summary>Handles what was delivered, as much as its share of the turn has room for. An
    /// acknowledgement leaves from here only: the item's own record is durable, and what the kernel
    /// calls committed is durable at a quorum.</summary>
    public void Drain()
    {
        AnswerCommitted();
        TellOn();
        _drainedBytes = 0;
        if (ToDo > 0)
            _pace.Began(_host.Now);
        DrainOn();
    }

    /// <summary>Goes on with that, where it has more.</summary>
    public void DrainOn()
    {
        DrainSlice();
        if (!HasMore)
            EndDrain();
    }

    /// <summary>That was all of it for this turn; called once in each.</summary>
    public void EndDrain()
    {
        if (_isStreamLoaded && _stream.Count == 0 && !IsRebuilding)
            EndStreamLoad();
        HookRestored();
        if (CanGoOn)
            _pace.Behind(_host.Now);
        else if (!IsNextOpen(out _))
            _pace.CaughtUp();
    }

    // A turn must end well within a heartbeat, also when a restart delivers the whole history. What
    // those who watch are told is bounded in bytes, too.
    private void DrainSlice()
    {
        for (bool isFirst = true; IsNextOpen(out StreamItem next); isFirst = false)
        {
            if (!isFirst && IsTurnOver)
                break;

            ReadOnlySpan<byte> command = default;
            if (next.Kind == EffectKind.Deliver && !TryResolveDelivered(next.Command, out command))
            {
                LoadStream();
                break;
            }

            _drainedBytes += next.Command.Length;
            if (next.Kind is EffectKind.Deliver or EffectKind.ReadReady)
                _pace.Did();
            if (IsRebuilding)
            {
                Reapply(command);
                continue;
            }

            HookRestored();
            _stream.Dequeue();
            _drainedBytes += Handle(next, command);
        }
    }

    // The bytes that those who watch were told.
    private long Handle(in StreamItem item, ReadOnlySpan<byte> command)
    {
        if (item.Kind == EffectKind.Deliver)
            return Apply(item, command);
        if (item.Kind == EffectKind.Learned)
            return Learn(item.State.Span);

        if (item.Kind == EffectKind.Release)
            Release(item.Command.Record);
        else if (item.Kind == EffectKind.Done)
            AnswerDone(item.Request);
        else
            RunRead(item.Request);
        return 0;
    }

    private long Apply(in StreamItem item, ReadOnlySpan<byte> command)
    {
        FrameReader reader = new(command);
        Envelope envelope = Envelope.ReadFrom(ref reader);
        if (!reader.IsComplete)
            return 0;

        (_applied ??= new AppliedCommands()).Add(item.Command);
        long before = _store.Applied;
        CommandResult result;
        try
        {
            result = _store.Apply(envelope);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            StopMachine($"command {envelope.Identity}", failure);
            Answer(item.Request, ResponseKind.Unknown, default);
            return 0;
        }

        // The bytes of the envelope are those of the log, so the hook copies them before anything
        // is sent.
        if (_store.Applied != before)
        {
            Counters.Applied++;
            HookCommitted(item, envelope, result);
        }

        long room = _tellRoom;
        if (_store.Changed > 0)
            TellWatches(envelope.Key, _store.Changed);
        TellAhead(item.Request, envelope.Key);
        Answer(item.Request, result.Kind, result.Bytes.Span);
        return room - _tellRoom;
    }

    private void RunRead(RequestId request)
    {
        if (!_pending.TryGet(request, out PendingRequest read))
            return;

        if (AnswerQuery(request, read.Query.Span) is CommandResult answer)
            HookAnswered(read.Query.Span, answer);
    }
}
