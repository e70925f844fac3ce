using System.Buffers.Binary;

namespace Synod.Transport;

/// <summary>Puts a frame together from its pieces, one frame at a time. Room grows as bytes arrive,
/// never because a piece announces them. Owned by the reader of one connection.</summary>
internal sealed class FrameAssembly(int bytesMax)
{
    private const int CapacityMin = 4 * WireFormat.ChunkBytes;
    private const int CapacityKept = 2 * 1024 * 1024;

    private byte[] _bytes = [];
    private int _count;
    private int _total;

    /// <summary>The first piece: the length of the whole, and what it begins with.</summary>
    /// <exception cref="WireException">No correct end sends it.</exception>
    public void Begin(ReadOnlySpan<byte> payload)
    {
        if (_total != 0)
            throw new WireException("a frame in pieces began in the middle of another");

        uint total = payload.Length < sizeof(uint)
            ? 0
            : BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if (total <= WireFormat.ChunkBytes || total > bytesMax)
        {
            throw new WireException(
                $"a frame of {total} bytes was announced in pieces; {bytesMax} is the limit");
        }

        _total = (int)total;
        _count = 0;
        Append(payload[sizeof(uint)..]);
    }

    /// <summary>One more piece; true if the frame is whole: the bytes are valid until the next
    /// piece.</summary>
    /// <exception cref="WireException">No correct end sends it.</exception>
    public bool TryEnd(ReadOnlySpan<byte> piece, out ReadOnlyMemory<byte> frame)
    {
        if (_total == 0)
            throw new WireException("a piece came of a frame that never began");

        Append(piece);
        bool isWhole = _count == _total;
        frame = isWhole ? _bytes.AsMemory(0, _total) : default;
        if (!isWhole)
            return false;

        // What was large once is seldom large again, and a thousand connections hold a thousand.
        if (_bytes.Length > CapacityKept)
            _bytes = [];
        _total = 0;
        return true;
    }

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty || piece.Length > _total - _count)
        {
            throw new WireException(
                $"a piece of {piece.Length} bytes came where {_total - _count} are missing");
        }

        int needed = _count + piece.Length;
        if (needed > _bytes.Length)
        {
            int grown = Math.Max(Math.Max(needed, CapacityMin), (int)(_bytes.Length * 2L));
            Array.Resize(ref _bytes, Math.Min(grown, _total));
        }

        piece.CopyTo(_bytes.AsSpan(_count));
        _count = needed;
    }
}
