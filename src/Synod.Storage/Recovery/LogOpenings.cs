namespace Synod.Storage;

/// <summary>Where each opening of the log has begun to write, as far as any header tells: what was
/// written before by another one, and stands behind that place, is void. A disk that did not
/// perform a write it has acknowledged leaves such things.</summary>
internal sealed class LogOpenings
{
    private readonly SortedList<uint, long> _since = [];

    /// <summary>The highest opening.</summary>
    public uint Highest => _since.Count == 0 ? 0 : _since.Keys[^1];

    /// <summary>Takes in what a header says; it is true wherever the header stands.</summary>
    public void Note(in FrameHeader header)
    {
        if (header.Opening != Highest)
            _since[header.Opening] = header.Since;
    }

    /// <summary>Whether a later opening has begun before this place.</summary>
    public bool IsStale(uint opening, long position)
    {
        for (int index = _since.Count - 1; index >= 0 && _since.Keys[index] > opening; index--)
        {
            if (_since.Values[index] <= position)
                return true;
        }

        return false;
    }

    /// <summary>Which opening has written to this place; zero if no header tells.</summary>
    public uint At(long position)
    {
        for (int index = _since.Count - 1; index >= 0; index--)
        {
            if (_since.Values[index] <= position)
                return _since.Keys[index];
        }

        return 0;
    }
}
