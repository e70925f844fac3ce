using System.Buffers.Binary;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Cuts a stream of bytes into frames, without doing any input or output itself. The
/// buffer grows only as bytes arrive, never because a header announces them. Owned by the reader of
/// one connection.</summary>
internal sealed class FrameReceiver
{
    private const int CapacityMin = 4 * 1024;
    private const int CapacityUsual = 64 * 1024;

    private byte[] _bytes = new byte[CapacityMin];
    private int _start;
    private int _end;
    private bool _wasFull;

    /// <summary>The largest body that is taken.</summary>
    public int BodyBytesMax { get; set; } = WireFormat.HandshakeBodyBytesMax;

    /// <summary>What was received and is not part of a frame that was taken.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Room for at least one more byte. Ends the life of the last frame.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
            Reset();
        else if (_start > 0 && (_end == _bytes.Length || _start + Needed() > _bytes.Length))
            MoveToFront();

        if (_end == _bytes.Length)
            Array.Resize(ref _bytes, Math.Min(_bytes.Length * 2, Needed()));
        return _bytes.AsMemory(_end);
    }

    /// <summary>Counts bytes that were put into the room as received.</summary>
    public void Received(int count)
    {
        _end += count;
        _wasFull = _end == _bytes.Length;
    }

    /// <summary>Takes the next frame if it is there whole.</summary>
    /// <exception cref="WireException">The bytes are no frame that is taken.</exception>
    public bool TryNext(out ReceivedFrame frame)
    {
        frame = default;
        int needed = Needed();
        if (_end - _start < needed)
            return false;

        ReadOnlyMemory<byte> body =
            _bytes.AsMemory(_start + WireFormat.HeaderBytes, needed - WireFormat.HeaderBytes);
        uint announced = BinaryPrimitives.ReadUInt32LittleEndian(Unread[4..]);
        if (Crc32C.Of(body.Span) != announced)
            throw new WireException($"the checksum of a frame of {body.Length} bytes is wrong");

        FrameKind kind = (FrameKind)body.Span[1];
        if (kind is < FrameKind.Hello or > FrameKind.More)
            throw new WireException($"a frame is of the unknown kind {body.Span[1]}");

        _start += needed;
        frame = new(body.Span[0], kind, body[WireFormat.PrefixBytes..]);
        return true;
    }

    // The bytes up to the end of the frame at the start, or of its header while that is not here.
    private int Needed()
    {
        if (_end - _start < WireFormat.HeaderBytes)
            return WireFormat.HeaderBytes;

        uint body = BinaryPrimitives.ReadUInt32LittleEndian(Unread);
        if (body < WireFormat.PrefixBytes || body > BodyBytesMax)
        {
            throw new WireException(
                $"a frame of {body} bytes was announced; {BodyBytesMax} is the limit");
        }

        return WireFormat.HeaderBytes + (int)body;
    }

    // A buffer that was filled in one go grows to the usual size.
    private void Reset()
    {
        _start = _end = 0;
        if (_wasFull && _bytes.Length < CapacityUsual)
            _bytes = new byte[CapacityUsual];
        _wasFull = false;
    }

    private void MoveToFront()
    {
        Unread.CopyTo(_bytes);
        _end -= _start;
        _start = 0;
    }
}
