using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Nobody waits for the disk to give back what is no longer in memory: what needs it, and
/// only that, comes later (design §3).</content>
internal sealed partial class Replica
{
    private const long StreamLoadBytesMax = 1 << 20;

    private ParkedFrames? _parkedFrames;
    private LogLoad? _streamLoad;
    private bool _isStreamLoaded;

    /// <summary>Records that it has asked for are in memory.</summary>
    public void Loaded(LogLoad load)
    {
        if (load == _streamLoad)
        {
            _isStreamLoaded = true;
            return;
        }

        if (load == _slice)
        {
            _isSliceLoaded = true;
            return;
        }

        if (_parkedFrames?.Loaded(load) != true)
            _host.Loads.Return(load);
        while (_parkedFrames?.TryTake(out ParkedFrames.Parked? parked) == true)
            Leave(parked);
    }

    // What was released meanwhile is asked for by nobody who follows the protocol any more.
    private void Leave(ParkedFrames.Parked parked)
    {
        _buffers.Frame.Clear();
        _buffers.Frame.WriteBytes(parked.Bytes);
        if (parked.Load is null || TryAddAll(parked.Payloads, parked.Load))
            LeaveAt(parked.Gate, parked.Targets);
    }

    // Given back also where an exception ends this life: what it holds is held from all replicas.
    private bool TryAddAll(ReadOnlySpan<Payload> payloads, LogLoad load)
    {
        try
        {
            return TryAddLoaded(payloads, load);
        }
        finally
        {
            _host.Loads.Return(load);
        }
    }

    private bool TryAddLoaded(ReadOnlySpan<Payload> payloads, LogLoad load)
    {
        foreach (Payload payload in payloads)
        {
            if (payload.Length == 0)
                continue;

            bool isHere = payload.Record > _records.Released;
            if (!isHere || !load.TryGet(_records[payload.Record], out ReadOnlySpan<byte> body))
                return false;

            _buffers.Frame.WriteBytes(body.Slice(payload.Offset, payload.Length));
        }

        return true;
    }

    private void LeaveAt(RecordNumber gate, MemberSet targets)
    {
        if (gate <= _records.Durable)
            Send(targets, _buffers.Frame.Written);
        else
            _gated.Add(gate, targets, _buffers.Frame.Written);
        WantFlush(gate);
    }

    // Adds the payloads to the frame; false if one of them is on the disk only.
    private bool TryAddPayloads(ReadOnlySpan<Payload> payloads, ReadOnlySpan<byte> input)
    {
        foreach (Payload payload in payloads)
        {
            if (!TryResolve(payload, input, out ReadOnlySpan<byte> bytes))
                return false;

            _buffers.Frame.WriteBytes(bytes);
        }

        return true;
    }

    private void Park(
        (MemberSet Targets, RecordNumber Gate) when,
        ReadOnlySpan<byte> head,
        ReadOnlySpan<Payload> payloads)
    {
        LogLoad load = _host.Loads.Rent(this);
        foreach (Payload payload in payloads)
        {
            if (payload.Length > 0)
                load.Add(_records[payload.Record], payload.Offset + payload.Length);
        }

        _parkedFrames ??= new ParkedFrames();
        if (_parkedFrames.TryAdd(when, head, payloads, load))
            _host.Loads.Submit(load);
        else
            load.Clear();
    }

    // Valid until the next call of the log.
    private bool TryResolve(
        Payload payload, ReadOnlySpan<byte> input, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (payload.Length == 0)
            return true;

        bool isHere = payload.IsTransient;
        if (isHere)
            bytes = input;
        else
            isHere = _host.Log.TryRead(_records[payload.Record], out bytes);
        bytes = isHere ? bytes.Slice(payload.Offset, payload.Length) : default;
        return isHere;
    }

    private bool TryResolveDelivered(Payload command, out ReadOnlySpan<byte> bytes)
    {
        if (command.Length > 0 && _isStreamLoaded && _streamLoad is LogLoad load
            && load.TryGet(_records[command.Record], out bytes))
        {
            bytes = bytes.Slice(command.Offset, command.Length);
            return true;
        }

        return TryResolve(command, default, out bytes);
    }

    // The next items of the stream, as many as are on the disk only and fit into one load.
    private void LoadStream()
    {
        if (_streamLoad is not null && !_isStreamLoaded)
            return;

        EndStreamLoad();
        LogLoad load = _host.Loads.Rent(this);
        foreach (StreamItem item in Coming())
        {
            if (item.Kind != EffectKind.Deliver || item.Command.Length == 0)
                continue;

            LogPosition position = _records[item.Command.Record];
            if (load.Bytes >= StreamLoadBytesMax || _host.Log.TryRead(position, out _))
                break;

            load.Add(position, item.Command.Offset + item.Command.Length);
        }

        _streamLoad = load;
        _host.Loads.Submit(load);
    }

    private void EndStreamLoad()
    {
        LogLoad? done = _isStreamLoaded ? _streamLoad : null;
        _streamLoad = null;
        _isStreamLoaded = false;
        if (done is not null)
            _host.Loads.Return(done);
    }

    // What is still on its way is given back when it comes.
    private void EndLoads()
    {
        EndStreamLoad();
        EndSlice();
        foreach (LogLoad load in _parkedFrames?.Clear() ?? [])
            _host.Loads.Return(load);
    }
}
