namespace Synod.Runtime;

/// <summary>A key that is watched with one query. However many watch it so, the query runs once for
/// a change, and what they are not told yet waits here once for all of them.</summary>
/// <param name="table">Where it is.</param>
/// <param name="key">The key.</param>
/// <param name="query">The query.</param>
internal sealed class WatchTopic(WatchTable table, byte[] key, byte[] query)
{
    // The oldest are told one by one to those who come late in the line; of those for which there
    // was no room, the latest.
    private readonly Queue<WatchChange> _changes = [];
    private readonly HashSet<long> _ahead = [];
    private LinkedListNode<Watch>? _next;

    public byte[] Key => key;

    public byte[] Query => query;

    /// <summary>Who watches, in the order in which they came.</summary>
    public LinkedList<Watch> Watches { get; } = [];

    /// <summary>Whether not everybody has been told of every change.</summary>
    public bool IsBehind => _changes.Count > 0 || HasSkipped;

    /// <summary>Whether there is no room for one more change.</summary>
    public bool IsFull => _changes.Count >= table.Limits.WaitingChangesMax;

    /// <summary>Whether there were changes of which no answer is kept: the latest is to be asked
    /// for when all that are kept are told.</summary>
    public bool HasSkipped { get; private set; }

    /// <summary>Whether it is in the line of those that are behind.</summary>
    public bool IsInLine { get; set; }

    /// <summary>The changes that not everybody has been told of, the oldest first.</summary>
    public IEnumerable<WatchChange> Changes => _changes;

    /// <summary>A change, with the answer of the query. It is later than all before.</summary>
    public void Add(in WatchChange change)
    {
        HasSkipped = false;
        _ahead.Clear();
        if (_changes.Count == 0)
            _next = Watches.First;
        _changes.Enqueue(change);
        table.WaitingBytes += change.Weight;
    }

    /// <summary>A change of which no answer is kept.</summary>
    public void Skip()
    {
        HasSkipped = true;
        _ahead.Clear();
    }

    /// <summary>Notes that a client is told of all there is, before its turn comes; false if it
    /// was since the last change.</summary>
    public bool TryGetAhead(long client) => _ahead.Add(client);

    /// <summary>Who is to be told next, and of what; false if all that is kept is told.</summary>
    public bool TryTakeNext(out (Watch Watch, WatchChange Change) next)
    {
        while (_changes.TryPeek(out WatchChange change))
        {
            if (_next is LinkedListNode<Watch> place)
            {
                next = (place.Value, change);
                _next = place.Next;
                return true;
            }

            _changes.Dequeue();
            _next = Watches.First;
            table.WaitingBytes -= change.Weight;
        }

        next = default;
        return false;
    }

    /// <summary>Takes one more, who knows of what was told to others.</summary>
    public LinkedListNode<Watch> Join(Watch watch) => Watches.AddLast(watch);

    /// <summary>Lets one go.</summary>
    public void Leave(LinkedListNode<Watch> place)
    {
        if (_next == place)
            _next = place.Next;
        Watches.Remove(place);
    }
}
