using System.Diagnostics.CodeAnalysis;

namespace Synod.Storage;

/// <summary>The end of the log in memory, in blocks. Frames are built in the newest block, written
/// from it, and read from it until it is the oldest and there are too many.</summary>
internal sealed class TailWindow(FileLogOptions options)
{
    private const int BlocksMin = 2;

    private readonly int _blocksMax = (int)Math.Clamp(
        options.WindowBytes / options.FrameBytesMax, BlocksMin, int.MaxValue);

    private readonly List<WindowBlock> _blocks = [];
    private readonly Queue<WindowBlock> _writes = new();

    /// <summary>The newest block; null until one was begun.</summary>
    public WindowBlock? Newest => _blocks.Count == 0 ? null : _blocks[^1];

    /// <summary>Begins a block, in the memory of the oldest if that may be forgotten.</summary>
    public WindowBlock Begin(long start)
    {
        // A block that is still being written from is not on the disk yet and cannot be read there,
        // so a slow disk makes the window larger than it should be, and Completed smaller again.
        WindowBlock? oldest = _blocks.Count < _blocksMax ? null : TakeOldest();
        WindowBlock block = oldest ?? new WindowBlock(options.FrameBytesMax);
        block.Restart(start);
        _blocks.Add(block);
        return block;
    }

    /// <summary>Notes that a write from the block was submitted.</summary>
    public void Submitted(WindowBlock block)
    {
        block.Writes++;
        _writes.Enqueue(block);
    }

    /// <summary>Notes that the write submitted first is done.</summary>
    public void Completed()
    {
        _writes.Dequeue().Writes--;
        while (_blocks.Count > _blocksMax && TakeOldest() is not null)
        {
        }
    }

    /// <summary>Gives back what nobody needs now: all that is on the disk, if it is more than a
    /// block. One alone is used again and again by a log that is seldom written to.</summary>
    public void Trim()
    {
        if (_blocks.Count == 1)
            return;

        while (_blocks.Count > 0 && TakeOldest() is not null)
        {
        }
    }

    public bool TryFind(long position, [NotNullWhen(true)] out WindowBlock? block)
    {
        for (int index = _blocks.Count - 1; index >= 0; index--)
        {
            block = _blocks[index];
            if (block.Holds(position))
                return true;
        }

        block = null;
        return false;
    }

    private WindowBlock? TakeOldest()
    {
        WindowBlock oldest = _blocks[0];
        if (oldest.Writes > 0)
            return null;

        _blocks.RemoveAt(0);
        return oldest;
    }
}
