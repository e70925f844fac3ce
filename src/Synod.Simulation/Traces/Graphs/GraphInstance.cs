namespace Synod.Simulation;

/// <summary>One instance over a whole run. Owned by who writes a page.</summary>
internal sealed class GraphInstance(GraphId id)
{
    private const string Everything = "everything";

    /// <summary>Names it.</summary>
    public GraphId Id => id;

    /// <summary>What was submitted, NoOp once that is decided, empty while nothing is
    /// known.</summary>
    public string Holds { get; private set; } = "";

    /// <summary>What it reads and writes, as in <c>w00000000000000ff</c>; empty while that is not
    /// known.</summary>
    public IReadOnlyList<string> Touches { get; private set; } = [];

    /// <summary>On what it depends, once that is decided; null before.</summary>
    public IReadOnlyList<long>? Decided { get; private set; }

    /// <summary>The event with which it was decided first.</summary>
    public int DecidedAt { get; private set; }

    /// <summary>Different dependencies that nodes have known of it.</summary>
    public List<IReadOnlyList<long>> Covers { get; } = [];

    /// <summary>Its records: the event, the phase, the ballot, and the place of the dependencies,
    /// -1 for none.</summary>
    public List<(int Event, int Phase, string Ballot, int Cover)> Records { get; } = [];

    /// <summary>The events with which nodes have executed it, and whether in vain.</summary>
    public List<(int Event, bool IsVain)> Executions { get; } = [];

    /// <summary>Whether it runs nothing.</summary>
    public bool IsNoOp => Holds == GraphRecord.NoOp;

    /// <summary>A record says something of it.</summary>
    public void Add(int place, GraphRecord record)
    {
        if (record.Touches is not null)
            Touches = record.Touches;
        bool isSubmitted = record.Holds is "Command" or "Read";
        bool isDecided = record.Phase == GraphRecord.Committed;
        if ((isSubmitted && !IsNoOp) || (isDecided && record.Holds == GraphRecord.NoOp))
            Holds = record.Holds;
        if (isDecided && Decided is null)
            (Decided, DecidedAt) = (record.Cover ?? [], place);
        Records.Add((place, record.Phase, record.Ballot, PlaceOf(record.Cover)));
    }

    /// <summary>Whether it depends on another one directly: it covers it, and their order
    /// matters.</summary>
    public bool DependsOn(GraphInstance other) =>
        other != this
        && Decided is not null && other.Id.Owner < Decided.Count
        && other.Id.Slot <= Decided[other.Id.Owner]
        && !other.IsNoOp
        && ConflictsWith(other);

    private bool ConflictsWith(GraphInstance other) =>
        IsUniversal || other.IsUniversal || Touches.Any(mine => other.Touches.Any(
            theirs => (mine[0] == 'w' || theirs[0] == 'w')
                && mine.AsSpan(1).SequenceEqual(theirs.AsSpan(1))));

    // Of what nobody knows, all may be true.
    private bool IsUniversal => Touches.Count == 0 || Touches[0] == Everything;

    private int PlaceOf(IReadOnlyList<long>? cover)
    {
        if (cover is null)
            return -1;

        int place = Covers.FindIndex(known => known.SequenceEqual(cover));
        if (place < 0)
            Covers.Add(cover);
        return place < 0 ? Covers.Count - 1 : place;
    }
}
