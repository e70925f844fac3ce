namespace Synod.Runtime;

/// <summary>A session's commands on one key, in order (safety §6).</summary>
internal sealed class KeyOrder
{
    private readonly SortedSet<long> _open = [];
    private long _shown;

    /// <summary>A command is about to be sent for the first time.</summary>
    public void Open(long sequence) => _open.Add(sequence);

    /// <summary>An answer has shown that the sequence is, or was, the last one applied.</summary>
    public void Shown(long sequence) => _shown = Math.Max(_shown, sequence);

    /// <summary>A command has ended; if it was not applied it is given up.</summary>
    public void Close(long sequence) => _open.Remove(sequence);

    /// <summary>The highest sequence below this one that was not given up, or that an answer has
    /// shown.</summary>
    public long PreviousOf(long sequence)
    {
        long below = 0;
        foreach (long open in _open)
        {
            if (open >= sequence)
                break;

            below = open;
        }

        return Math.Max(below, Math.Min(_shown, sequence - 1));
    }

    /// <summary>All up to here have ended: nobody will ask for their results.</summary>
    public long Acknowledged(long sequence) => Math.Min(sequence, _open.Min) - 1;
}
