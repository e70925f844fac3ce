namespace Synod.Storage;

/// <summary>A run of the log in memory: frames, one behind the other as on the disk.</summary>
internal sealed class WindowBlock(int bytes)
{
    /// <summary>The memory, which never moves, so that it can be written from as it is.</summary>
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

    /// <summary>Where in the log the block begins.</summary>
    public long Start { get; private set; }

    /// <summary>How many bytes hold a part of the log.</summary>
    public int Used { get; set; }

    /// <summary>How many writes from this block are under way; it must stay as long.</summary>
    public int Writes { get; set; }

    /// <summary>How many bytes are left.</summary>
    public int Room => Bytes.Length - Used;

    public void Restart(long start)
    {
        Start = start;
        Used = 0;
    }

    public bool Holds(long position) => position >= Start && position < Start + Used;

    /// <summary>The bytes from a position on.</summary>
    public ReadOnlySpan<byte> From(long position) =>
        Bytes.AsSpan(0, Used)[(int)(position - Start)..];
}
