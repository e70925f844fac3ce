using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Performs what the kernel asks for, in order.</summary>
internal sealed partial class Replica
{
    // Within a turn of the kernel nothing it appended can become durable, so a send behind a record
    // of the same step waits for the next flush; one that is not gated leaves now.
    private void Perform(ReadOnlySpan<byte> input)
    {
        foreach (ref readonly Effect effect in _buffers.Outbox.Effects)
            Perform(effect, input);

        _buffers.Outbox.Clear();
        _isSettled = false;
    }

    private void Perform(in Effect effect, ReadOnlySpan<byte> input)
    {
        switch (effect.Kind)
        {
            case EffectKind.Persist:
                Persist(effect, input);
                break;
            case EffectKind.Send:
                Send(effect, input);
                break;
            case EffectKind.Committed:
                TellCommitted(effect);
                break;
            case EffectKind.Deliver:
            case EffectKind.ReadReady:
            case EffectKind.Release:
            case EffectKind.Learned:
            case EffectKind.Done:
                Enqueue(effect);
                break;
            case EffectKind.Evaluate:
                Evaluate(effect);
                break;
            case EffectKind.Reject:
            case EffectKind.Abandon:
            case EffectKind.TransferEnded:
                End(effect, input);
                break;
            case EffectKind.WakeAt:
                _kernelWake = effect.Time;
                break;
            case EffectKind.RoleChanged:
                RoleChanged();
                break;
            case EffectKind.Violated:
                Violated(NodeOf(effect.Peer), effect.Rule ?? "");
                break;
        }
    }

    // Of these requests nothing comes through the stream.
    private void End(in Effect effect, ReadOnlySpan<byte> input)
    {
        if (effect.Kind == EffectKind.Reject)
            Rejected(effect, input);
        else if (effect.Kind == EffectKind.Abandon)
            Answer(effect.Request, ResponseKind.Unknown, default);
        else
            AnswerTransfer(effect.Request, effect.Transfer);
    }

    private void RoleChanged()
    {
        Counters.Take(KernelStatusNow, LeaderNow ?? default);
        _host.Notices.RoleChanged(_options.Id, KernelStatusNow, LeaderNow);
        HookRole();
    }

    private void Persist(in Effect effect, ReadOnlySpan<byte> input)
    {
        RecordHeader header = new(
            _options.Id,
            _epoch?.Id ?? default,
            effect.Record,
            RecordOwner.Kernel,
            effect.IsStatement);
        _records.Append(
            _host.Log, header, _buffers.Outbox.Bytes(effect), Resolve(effect.Command, input));
        if (effect.CanWait)
            _canFlushWait = true;
        else
            IsFlushWanted = true;
    }

    private void Send(in Effect effect, ReadOnlySpan<byte> input)
    {
        FrameBuffer frame = _buffers.Frame;
        frame.Clear();
        new NodeFrame(NodeFrameKind.Kernel, _options.Id, _epoch?.Id ?? default).WriteTo(frame);
        frame.WriteUInt32(_life.Number.Number);
        frame.WriteBytes(_buffers.Outbox.Bytes(effect));
        int head = frame.Length;
        if (!TryAddPayloads(_buffers.Outbox.Payloads(effect), input))
        {
            Park(
                (effect.Targets, effect.Record),
                frame.Written[..head],
                _buffers.Outbox.Payloads(effect));
            return;
        }

        MemberSet later = effect.Targets.And(_parkedFrames?.Targets ?? default);
        if (!later.IsEmpty)
            _parkedFrames?.TryAdd((later, effect.Record), frame.Written, default, null);
        LeaveAt(effect.Record, effect.Targets.Except(later));
    }

    private void Violated(NodeId peer, string rule)
    {
        Counters.Violations++;
        _host.Notices.Violated(_options.Id, peer, rule);
    }

    private void SendOpened()
    {
        while (_gated.TryTake(
            _records.Durable, out MemberSet targets, out ReadOnlySpan<byte> frame))
        {
            Send(targets, frame);
        }
    }

    private void Send(MemberSet targets, ReadOnlySpan<byte> frame)
    {
        foreach (Member member in targets)
            _host.Transport.Send(NodeOf(member), _options.Id, frame);
    }

    // Valid until the next call of the log.
    private ReadOnlySpan<byte> Resolve(Payload payload, ReadOnlySpan<byte> input)
    {
        if (payload.Length == 0)
            return default;

        ReadOnlySpan<byte> bytes =
            payload.IsTransient ? input : _host.Log.Read(_records[payload.Record]);
        return bytes.Slice(payload.Offset, payload.Length);
    }

    private NodeId NodeOf(Member member) => _epoch?.Members[member.Index].Node ?? default;
}
