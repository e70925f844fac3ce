using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The log of the group as this member has it: handles to commands, and terms as runs, of
/// which there are as many as there were leaders.</summary>
internal sealed class RaftLog
{
    private readonly ChunkedList<RaftEntry> _entries = new();
    private TermRun[] _runs = [];

    /// <summary>The newest entry.</summary>
    public LogIndex Last => new(_entries.Count);

    /// <summary>The term of the newest entry.</summary>
    public Term LastTerm => _runs.Length == 0 ? Term.Zero : _runs[^1].Term;

    /// <summary>The entry at an index that is there.</summary>
    public RaftEntry this[LogIndex index] => _entries[checked((int)index.Number - 1)];

    /// <summary>The term of the entry at the index; zero at index zero.</summary>
    public Term TermAt(LogIndex index)
    {
        Invariant.Holds(index <= Last, RaftRules.LogMatching);
        return index == LogIndex.Zero ? Term.Zero : _runs[RunAt(index)].Term;
    }

    /// <summary>Appends behind the newest entry.</summary>
    public LogIndex Append(Term term, RaftEntry entry)
    {
        Invariant.Holds(LastTerm <= term, RaftRules.LogMatching);
        _entries.Add(entry);
        if (term != LastTerm)
            _runs = [.. _runs, new TermRun(Last, term)];
        return Last;
    }

    /// <summary>Drops the entry at the index and all that follow it.</summary>
    [Rule(RaftRules.ConflictCutsTail)]
    public void CutFrom(LogIndex index)
    {
        _entries.CutTo(checked((int)index.Number - 1));
        while (_runs.Length > 0 && _runs[^1].First >= index)
            _runs = _runs[..^1];
    }

    /// <summary>The newest index up to <paramref name="index"/> whose term is not above
    /// <paramref name="term"/>: no later entry here can match an entry of that term
    /// there.</summary>
    [Rule(RaftRules.ConflictHints)]
    public LogIndex NewestUpTo(LogIndex index, Term term)
    {
        LogIndex candidate = LogIndex.Min(index, Last);
        while (candidate > LogIndex.Zero)
        {
            TermRun run = _runs[RunAt(candidate)];
            if (run.Term <= term)
                return candidate;

            candidate = run.First.Previous();
        }

        return LogIndex.Zero;
    }

    private int RunAt(LogIndex index)
    {
        int run = _runs.Length - 1;
        while (_runs[run].First > index)
            run--;
        return run;
    }

    private readonly record struct TermRun(LogIndex First, Term Term);
}
