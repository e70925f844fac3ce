using Synod.Kernel;

namespace Synod.Transport;

/// <summary>The frames that wait to be written to one connection: one buffer is filled while the
/// other is written. Bounded in bytes; an empty queue takes any one frame. Safe for use from
/// several threads; one of them at a time is the writer.</summary>
internal sealed class SendQueue(int bytesMax)
{
    // A buffer that grew beyond this is given back once it is written.
    private const int BytesKept = 2 * 1024 * 1024;

    private readonly Lock _gate = new();
    private FrameBuffer _filling = new();
    private FrameBuffer _writing = new();
    private bool _hasWriter;
    private bool _isClosed;

    /// <summary>Copies a frame into the queue, unless it is full or closed.</summary>
    public bool TryAdd(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        FramePrefix prefix = WireFormat.Prefix(kind, payload);
        lock (_gate)
        {
            int queued = _filling.Length + _writing.Length;
            if (_isClosed || (queued > 0 && queued + payload.Length > bytesMax))
                return false;

            WireFormat.Write(_filling, prefix, payload);
            return true;
        }
    }

    /// <summary>Makes the caller the writer, if there is something to write and no other.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_hasWriter || _isClosed || _filling.Length == 0)
                return false;

            _hasWriter = true;
            return true;
        }
    }

    /// <summary>All that waits, for the writer, who has written what it took before. Empty: the
    /// caller is no longer the writer.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            FrameBuffer written = _writing.Length > BytesKept ? new FrameBuffer() : _writing;
            written.Clear();
            (_filling, _writing) = (written, _filling);
            _hasWriter = _writing.Length > 0 && !_isClosed;
            return _hasWriter ? _writing.WrittenMemory : default;
        }
    }

    /// <summary>Takes no more frames.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
    }
}
