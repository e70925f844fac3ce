using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What the records around lost ones tell of the log, while a life takes back its
/// records.</summary>
/// <remarks>
/// Each lost record may have been an entry. Entries are written one behind the other, or from an
/// earlier index on, where they cut the tail; so of L records that are lost between entries p and
/// q the earliest index that can have been written is q − L, and everything from there on is not
/// known to be what it was. Behind the last entry that is left, nothing says where the lost ones
/// began. An entry that is written at or before the first unknown one makes the log whole again:
/// what stood behind it is void.
/// </remarks>
internal sealed class RaftGaps(RaftLog log)
{
    private long _lost;

    /// <summary>Whether entries are missing behind those in the log.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The newest entry; null if it may be lost.</summary>
    public RaftLast? Last { get; private set; }

    /// <summary>Whether anything is lost.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Whether the newest term and vote may be lost.</summary>
    public bool HidesStatement { get; private set; }

    /// <summary>The newest term of any entry.</summary>
    public Term Newest { get; private set; }

    /// <summary>Records are lost.</summary>
    public void Lose(long count, bool hidesStatement)
    {
        _lost += count;
        HasLost = true;
        HidesStatement |= hidesStatement;
    }

    /// <summary>A statement was recovered: it is newer than all that is lost before it.</summary>
    public void Stated() => HidesStatement = false;

    /// <summary>An entry was recovered; says whether it continues the log.</summary>
    [Rule(RaftRules.DamageIsBounded)]
    public bool Continues(LogIndex index, Term term)
    {
        if (_lost > 0)
            Open(LogIndex.Min(log.Last, new LogIndex(index.Number - 1 - _lost)));
        Newest = term > Newest ? term : Newest;
        if (index <= log.Last.Next())
        {
            IsOpen = false;
            Last = null;
            return true;
        }

        Last = new RaftLast(index, term);
        return false;
    }

    /// <summary>All was recovered.</summary>
    [Rule(RaftRules.DamageIsBounded)]
    public void End()
    {
        if (_lost == 0)
            return;

        Open(LogIndex.Zero);
        Last = null;
    }

    private void Open(LogIndex certain)
    {
        _lost = 0;
        IsOpen = true;
        certain = LogIndex.Max(certain, LogIndex.Zero);
        if (certain < log.Last)
            log.CutFrom(certain.Next());
    }
}
