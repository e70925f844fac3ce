namespace Synod.Storage;

/// <summary>A file of a <see cref="MemoryBlockDevice"/>: what a reader sees, what is durable, and
/// which sectors lie between the two.</summary>
internal sealed class MemoryFile(int length)
{
    private const int SectorBytes = MemoryBlockDevice.SectorBytes;

    private readonly SortedSet<int> _unflushed = [];
    private byte[] _durable = new byte[length];

    /// <summary>What a reader sees.</summary>
    public byte[] Seen { get; private set; } = new byte[length];

    /// <summary>The sectors that were written and not flushed, in order.</summary>
    public IReadOnlyCollection<int> Unflushed => _unflushed;

    public void Grow(int length)
    {
        if (length <= Seen.Length)
            return;

        byte[] seen = Seen;
        Array.Resize(ref seen, length);
        Seen = seen;
        Array.Resize(ref _durable, length);
    }

    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Seen.AsSpan(offset));
        int end = offset + bytes.Length;
        for (int sector = offset / SectorBytes; sector * SectorBytes < end; sector++)
            _unflushed.Add(sector);
    }

    public void Flush()
    {
        foreach (int sector in _unflushed)
            Settle(sector, Seen, _durable);
        _unflushed.Clear();
    }

    /// <summary>What Linux does when a flush fails: readers go on to see what was written, a later
    /// flush succeeds, and yet it is not on the disk.</summary>
    public void FailFlush() => _unflushed.Clear();

    /// <summary>The machine stops: of the unflushed sectors, those that are chosen are on the disk.
    /// </summary>
    public void Crash(Func<int, bool> survives)
    {
        foreach (int sector in _unflushed)
        {
            if (survives(sector))
                Settle(sector, Seen, _durable);
        }

        _unflushed.Clear();
        _durable.CopyTo(Seen.AsSpan());
    }

    /// <summary>Changes what is on the disk behind everybody's back.</summary>
    public void Overwrite(int offset, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Seen.AsSpan(offset));
        bytes.CopyTo(_durable.AsSpan(offset));
    }

    private static void Settle(int sector, byte[] from, byte[] to)
    {
        int start = sector * SectorBytes;
        from.AsSpan(start, SectorBytes).CopyTo(to.AsSpan(start));
    }
}
