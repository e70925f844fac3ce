using Synod.Kernel;

namespace Synod.Transport;

/// <summary>The frames that wait to be written to one connection. Small ones are in one buffer that
/// is filled while the other is written; large ones wait beside them and leave a chunk at a time,
/// so that no small frame waits behind more than a chunk. Bounded in bytes; an empty queue takes
/// any one frame. Safe for use from several threads; one of them at a time is the writer.</summary>
internal sealed class SendQueue(int bytesMax)
{
    // A buffer that grew beyond this is given back once it is written; a smaller one, once so many
    // writes in a row would have fitted into a much smaller one.
    private const int BytesKept = 2 * 1024 * 1024;
    private const int SmallBytes = 64 * 1024;
    private const int SmallWrites = 100;

    private readonly Lock _gate = new();
    private readonly LargeFrames _large = new();
    private FrameBuffer _filling = new();
    private FrameBuffer _writing = new();
    private int _smallWrites;
    private bool _hasWriter;
    private bool _isClosed;

    /// <summary>How many bytes wait, those that are being written included.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return BytesNow;
        }
    }

    private long BytesNow => _filling.Length + _writing.Length + _large.Bytes;

    /// <summary>Copies a frame into the queue, unless it is full or closed.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="payload">Its bytes.</param>
    /// <param name="flow">Frames of one flow leave in order; those of flow zero in none.</param>
    public bool TryAdd(FrameKind kind, ReadOnlySpan<byte> payload, ulong flow = 0)
    {
        bool isLarge = payload.Length > WireFormat.ChunkBytes;
        FramePrefix prefix = isLarge ? default : WireFormat.Prefix(kind, payload);
        lock (_gate)
        {
            long queued = BytesNow;
            if (_isClosed || (queued > 0 && queued + payload.Length > bytesMax))
                return false;

            if (isLarge || _large.Holds(flow))
                _large.Add(payload, flow);
            else
                WireFormat.Write(_filling, prefix, payload);
            return true;
        }
    }

    /// <summary>Makes the caller the writer, if there is something to write and no other.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_hasWriter || _isClosed || (_filling.Length == 0 && _large.IsEmpty))
                return false;

            _hasWriter = true;
            return true;
        }
    }

    /// <summary>All small frames that wait and a chunk of the large ones, for the writer, who has
    /// written what it took before. Empty: the caller is no longer the writer.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            FrameBuffer written = IsToBeKept(_writing) ? _writing : new FrameBuffer();
            written.Clear();
            (_filling, _writing) = (written, _filling);
            _large.WriteChunk(_writing);
            _hasWriter = _writing.Length > 0 && !_isClosed;
            return _hasWriter ? _writing.WrittenMemory : default;
        }
    }

    private bool IsToBeKept(FrameBuffer written)
    {
        _smallWrites = written.Length > SmallBytes ? 0 : _smallWrites + 1;
        bool isTooLarge = written.Capacity > SmallBytes && _smallWrites > SmallWrites;
        return written.Length <= BytesKept && !isTooLarge;
    }

    /// <summary>Takes no more frames.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _large.Clear();
        }
    }
}
