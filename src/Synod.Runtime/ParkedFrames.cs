using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Frames that wait for records that are on their way into memory, and what is to leave
/// behind them to the same members: a peer that is sent what comes next first would ask for all
/// again. Bounded in bytes.</summary>
internal sealed class ParkedFrames
{
    private const long BytesMax = 8 << 20;

    private readonly Queue<Parked> _frames = new();
    private long _bytes;

    /// <summary>Those to whom something waits here.</summary>
    public MemberSet Targets { get; private set; }

    /// <summary>Keeps a frame, whole or, if there is a load, without its payloads.</summary>
    /// <returns>False if there is no room: it is dropped, as a network may do.</returns>
    public bool TryAdd(
        (MemberSet Targets, RecordNumber Gate) when,
        ReadOnlySpan<byte> bytes,
        ReadOnlySpan<Payload> payloads,
        LogLoad? load)
    {
        if (_frames.Count > 0 && _bytes + bytes.Length > BytesMax)
            return false;

        _bytes += bytes.Length;
        _frames.Enqueue(new Parked(
            when.Targets, when.Gate, bytes.ToArray(), [.. payloads], load)
        {
            IsReady = load is null,
        });
        Targets = Targets.Or(when.Targets);
        return true;
    }

    /// <summary>A load is done; false if it is of none of them.</summary>
    public bool Loaded(LogLoad load)
    {
        foreach (Parked parked in _frames)
        {
            if (parked.Load != load)
                continue;

            parked.IsReady = true;
            return true;
        }

        return false;
    }

    /// <summary>Takes the oldest if it is ready.</summary>
    public bool TryTake([NotNullWhen(true)] out Parked? frame)
    {
        if (!_frames.TryPeek(out frame) || !frame.IsReady)
        {
            frame = null;
            return false;
        }

        _frames.Dequeue();
        _bytes -= frame.Bytes.Length;
        Targets = default;
        foreach (Parked left in _frames)
            Targets = Targets.Or(left.Targets);
        return true;
    }

    /// <summary>Forgets all.</summary>
    /// <returns>The loads that are done.</returns>
    public IReadOnlyList<LogLoad> Clear()
    {
        List<LogLoad> done = [];
        foreach (Parked parked in _frames)
        {
            if (parked is { IsReady: true, Load: LogLoad load })
                done.Add(load);
        }

        _frames.Clear();
        (_bytes, Targets) = (0, default);
        return done;
    }

    /// <summary>One of them.</summary>
    internal sealed record Parked(
        MemberSet Targets, RecordNumber Gate, byte[] Bytes, Payload[] Payloads, LogLoad? Load)
    {
        public bool IsReady { get; set; }
    }
}
