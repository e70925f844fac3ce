using System.Buffers;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Frames that leave in pieces, one after the other, and those that must not overtake
/// them. Guarded by the lock of its queue.</summary>
internal sealed class LargeFrames
{
    private readonly Queue<Waiting> _frames = [];
    private readonly Dictionary<ulong, int> _flows = [];
    private int _sent;

    /// <summary>Whether none waits.</summary>
    public bool IsEmpty => _frames.Count == 0;

    /// <summary>How many bytes wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a frame of the flow waits here, so that the next one must too.</summary>
    public bool Holds(ulong flow) => _frames.Count > 0 && flow != 0 && _flows.ContainsKey(flow);

    /// <summary>Copies a frame of data.</summary>
    public void Add(ReadOnlySpan<byte> payload, ulong flow)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(bytes);
        _frames.Enqueue(new(bytes, payload.Length, flow));
        _flows[flow] = _flows.GetValueOrDefault(flow) + 1;
        Bytes += payload.Length;
    }

    /// <summary>Writes up to a chunk: pieces, and frames that wait for their turn here though they
    /// are small.</summary>
    public void WriteChunk(FrameBuffer buffer)
    {
        int room = WireFormat.ChunkBytes;
        while (room > 0 && _frames.TryPeek(out Waiting frame))
        {
            // A small frame whole, even if that is a little more than a chunk in all.
            bool isWhole = frame.Length <= WireFormat.ChunkBytes;
            int count = isWhole ? frame.Length : Math.Min(room, frame.Length - _sent);
            Write(buffer, frame, count);
            room -= count + WireFormat.OverheadBytes;
            _sent += count;
            Bytes -= count;
            if (_sent == frame.Length)
                End(frame);
        }
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        while (_frames.TryPeek(out Waiting frame))
            End(frame);
        Bytes = 0;
    }

    private void Write(FrameBuffer buffer, in Waiting frame, int count)
    {
        ReadOnlySpan<byte> piece = frame.Bytes.AsSpan(_sent, count);
        if (count == frame.Length)
            WireFormat.Write(buffer, WireFormat.Prefix(FrameKind.Data, piece), piece);
        else if (_sent == 0)
            WireFormat.WriteBegin(buffer, frame.Length, piece);
        else
            WireFormat.Write(buffer, WireFormat.Prefix(FrameKind.More, piece), piece);
    }

    private void End(in Waiting frame)
    {
        _frames.Dequeue();
        _sent = 0;
        ArrayPool<byte>.Shared.Return(frame.Bytes);
        if (--_flows[frame.Flow] == 0)
            _flows.Remove(frame.Flow);
    }

    private readonly record struct Waiting(byte[] Bytes, int Length, ulong Flow);
}
