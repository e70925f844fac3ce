using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What the leaders of all terms have appended, over the lives of all members, for the
/// audit. Only the leader of a term makes entries of that term, one behind the other, so index and
/// term name an entry and all before it: a log is the way back from its newest entry.</summary>
internal sealed class RaftReigns
{
    private readonly Dictionary<Term, Reign> _reigns = [];

    /// <summary>The newest term that had a leader.</summary>
    public Term Newest { get; private set; }

    /// <summary>How many terms had a leader.</summary>
    public int Count => _reigns.Count;

    /// <summary>Who led in the term, if anybody did.</summary>
    public Member? LeaderOf(Term term) =>
        _reigns.TryGetValue(term, out Reign? reign) ? reign.Leader : null;

    /// <summary>A member leads, with its first entry at the end of its log.</summary>
    [Rule(RaftRules.ElectionSafety)]
    public void Begin(Member leader, Term term, RaftLog log)
    {
        Invariant.Holds(
            !_reigns.ContainsKey(term),
            RaftRules.ElectionSafety,
            $"{leader} leads {term} after {LeaderOf(term)}");
        _reigns.Add(term, new Reign(leader, log.Last, log.TermAt(log.Last.Previous())));
        if (term > Newest)
            Newest = term;
    }

    /// <summary>The leader of a term appends an entry of the term.</summary>
    [Rule(RaftRules.LeaderAppendOnly)]
    public void Append(in EntryRecord entry, int length)
    {
        Reign reign = At(entry.Term);
        Invariant.Holds(
            entry.Index == reign.Last.Next(),
            RaftRules.LeaderAppendOnly,
            $"{reign.Leader} wrote {entry.Index} {entry.Term} behind {reign.Last}");
        reign.Entries.Add(new Entry(entry.Kind, length, null));
    }

    /// <summary>A member has an entry; the leader of its term made it, and behind the same
    /// one.</summary>
    /// <param name="member">The member.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="previous">The term of the entry before it.</param>
    /// <param name="length">The length of its command.</param>
    [Rule(RaftRules.LogMatching)]
    public void Meet(Member member, in EntryRecord entry, Term previous, int length)
    {
        Invariant.Holds(
            IsMade(entry.Index, entry.Term),
            RaftRules.LogMatching,
            $"{member} has {entry.Index} {entry.Term}, which no leader made");
        Reign reign = At(entry.Term);
        Term expected = entry.Index == reign.First ? reign.Previous : entry.Term;
        Invariant.Holds(
            previous == expected,
            RaftRules.LogMatching,
            $"{member} has {entry.Index} {entry.Term} behind {previous}, not {expected}");
        Entry made = reign[entry.Index];
        Invariant.Holds(
            made.Kind == entry.Kind && made.Length == length,
            RaftRules.LogMatching,
            $"{member} has another {entry.Index} {entry.Term} than {reign.Leader} made");
    }

    /// <summary>The same for the bytes of its command, once it was met: all who have the entry have
    /// the same.</summary>
    [Rule(RaftRules.LogMatching)]
    public void MeetContent(
        Member member, LogIndex index, Term term, ReadOnlySpan<byte> command) =>
        MeetContent(member, index, term, StableHash.Of(command));

    /// <summary>The same for the hash of the bytes.</summary>
    [Rule(RaftRules.LogMatching)]
    public void MeetContent(Member member, LogIndex index, Term term, ulong content)
    {
        Reign reign = At(term);
        Entry made = reign[index];
        if (made.Content is null)
            reign[index] = made with { Content = content };
        Invariant.Holds(
            made.Content is null || made.Content == content,
            RaftRules.LogMatching,
            $"{member} has another command in {index} {term} than {reign.Leader}");
    }

    /// <summary>Whether an entry is in the log that the leader of a term has written.</summary>
    public bool IsInLogOf(Term reign, LogIndex index, Term term) =>
        reign == Term.Zero
            ? index == LogIndex.Zero && term == Term.Zero
            : _reigns.TryGetValue(reign, out Reign? known)
                && index <= known.Last
                && TermAt(reign, index) == term;

    /// <summary>How far a log agrees with the one that the leader of a term has written.</summary>
    public LogIndex CommonPrefix(RaftLog log, Term reign)
    {
        if (!_reigns.TryGetValue(reign, out Reign? known))
            return LogIndex.Zero;

        LogIndex index = LogIndex.Min(log.Last, known.Last);
        while (index > LogIndex.Zero)
        {
            Term here = log.TermAt(index);
            Term there = TermAt(reign, index);
            if (here == there)
                return index;

            index = here > there
                ? log.NewestUpTo(index, there)
                : NewestUpTo(there, index, here);
        }

        return index;
    }

    private bool IsMade(LogIndex index, Term term) =>
        _reigns.TryGetValue(term, out Reign? reign)
        && reign.First <= index
        && index <= reign.Last;

    private Term TermAt(Term reign, LogIndex index)
    {
        Term term = reign;
        while (term > Term.Zero && index < At(term).First)
            term = At(term).Previous;
        return term;
    }

    private LogIndex NewestUpTo(Term reign, LogIndex index, Term term)
    {
        LogIndex newest = index;
        for (Term at = reign; at > term; at = At(at).Previous)
            newest = LogIndex.Min(newest, At(at).First.Previous());
        return newest;
    }

    private Reign At(Term term)
    {
        bool isKnown = _reigns.TryGetValue(term, out Reign? reign);
        Invariant.Holds(
            isKnown && reign is not null, RaftRules.LogMatching, $"nobody led {term}");
        return reign;
    }

    private sealed class Reign(Member leader, LogIndex first, Term previous)
    {
        public Member Leader => leader;

        public LogIndex First => first;

        /// <summary>The term of the entry before the first.</summary>
        public Term Previous => previous;

        public List<Entry> Entries { get; } = [];

        public LogIndex Last => first.Previous() + Entries.Count;

        public Entry this[LogIndex index]
        {
            get => Entries[checked((int)(index.Number - first.Number))];
            set => Entries[checked((int)(index.Number - first.Number))] = value;
        }
    }

    /// <summary>An entry; of its content the hash, once it was seen.</summary>
    private readonly record struct Entry(RaftEntryKind Kind, int Length, ulong? Content);
}
