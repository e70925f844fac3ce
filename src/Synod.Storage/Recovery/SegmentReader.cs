namespace Synod.Storage;

/// <summary>Reads segments from front to back in large pieces. The memory is one piece, or one
/// frame if that is larger.</summary>
internal sealed class SegmentReader(IBlockDevice device)
{
    private const int PieceBytes = 1 << 20;

    private byte[] _piece = [];
    private Segment? _segment;
    private long _offset;
    private int _length;

    public string Location => device.Location;

    /// <summary>Bytes of a segment; fewer if the file ends before. Valid until the next
    /// call.</summary>
    public ReadOnlySpan<byte> Read(Segment segment, long offset, int length)
    {
        bool isHere = segment == _segment && offset >= _offset
            && offset + length <= _offset + _length;
        if (!isHere)
            Fill(segment, offset, length);
        int start = (int)(offset - _offset);
        return _piece.AsSpan(start, Math.Min(length, _length - start));
    }

    private void Fill(Segment segment, long offset, int length)
    {
        int size = Math.Max(length, (int)Math.Min(PieceBytes, segment.Length - offset));
        if (_piece.Length < size)
            _piece = new byte[size];
        int wanted = (int)Math.Min(_piece.Length, segment.Length - offset);
        _segment = segment;
        _offset = offset;
        _length = device.Read(segment.File, offset, _piece.AsSpan(0, wanted));
    }
}
