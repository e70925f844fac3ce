using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Where in the node's log the records of one replica are, and up to which of them they
/// are durable. Numbers may be missing where the disk was damaged, and the oldest are released.
/// Outlives the lives of the replica.</summary>
internal sealed class RecordMap
{
    private readonly ChunkedList<LogPosition> _positions = new();

    // Few: the newest of each epoch and owner.
    private Statement[] _statements = [];
    private Losses? _losses;

    private int _durableCount;
    private long _dropped;

    /// <summary>The newest record, lost ones included.</summary>
    public RecordNumber Appended { get; private set; }

    /// <summary>The newest record that is released.</summary>
    public RecordNumber Released { get; private set; }

    /// <summary>Where the oldest record is that is not released; null if there is none.</summary>
    public LogPosition? First => _positions.Count == 0 ? null : _positions[0];

    /// <summary>A range of no records, if a statement may be lost that is older than the first
    /// record. Once more is released it is void: what the replica has concluded from it is
    /// durable by then, and is shown again.</summary>
    public LostRecords? LostBefore => _losses?.Before;

    /// <summary>The newest record that, with all before it that are not lost, is known to be
    /// durable.</summary>
    public RecordNumber Durable { get; private set; }

    /// <summary>The position of a record that was appended and is not lost.</summary>
    public LogPosition this[RecordNumber number] =>
        _positions[IndexOf(number)];

    /// <summary>Appends the next record to the log. Where an exception ends that, the record is
    /// there if the log has taken it: its number must not be used again.</summary>
    public void Append(
        ILog log, in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        RequireNext(header);
        LogPosition behind = log.Appended;
        try
        {
            log.Append(header, record, command);
        }
        finally
        {
            if (log.Appended > behind)
                Add(header, log.Appended);
        }
    }

    /// <summary>Takes the position of the next record.</summary>
    public void Add(in RecordHeader header, LogPosition position)
    {
        RequireNext(header);
        _positions.Add(position);
        Appended = header.Number;
        if (header.IsStatement)
            Note(header, position);
    }

    /// <summary>Begins behind what was released by an earlier process.</summary>
    public void Begin(in LogFloor floor)
    {
        Invariant.Holds(
            Appended == default, "Synod safety §7: what is released is told before all else");
        Appended = Durable = Released = new RecordNumber(floor.Number.Number - 1);
        _dropped = Released.Number;
    }

    /// <summary>Takes the position of a statement that is older than what was released.</summary>
    public void Keep(in RecordHeader header, LogPosition position)
    {
        if (PlaceOf(header) < 0)
            Note(header, position);
    }

    /// <summary>The newest statements, where they are older than what was released, in
    /// order.</summary>
    public IReadOnlyList<LogPosition> Kept() =>
    [
        .. _statements
            .Where(statement => statement.Number <= Released)
            .OrderBy(static statement => statement.Number)
            .Select(static statement => statement.Position),
    ];

    /// <summary>Forgets all records before one that is there and durable.</summary>
    /// <returns>Where that one is; null if it is released itself.</returns>
    public LogPosition? Release(RecordNumber first)
    {
        if (first.Number <= Released.Number + 1)
            return null;

        Invariant.Holds(
            first <= Durable && LostAt(first) is null,
            "Synod safety §7: what stands in for older records is durable");
        int count = IndexOf(first);
        _positions.RemoveFirst(count);
        _dropped += count;
        _durableCount -= count;
        Released = new RecordNumber(first.Number - 1);
        return _positions[0];
    }

    /// <summary>The next records are lost: their numbers are not used again.</summary>
    public void Lose(in LostRecords lost)
    {
        Invariant.Holds(
            lost.From == Appended.Next() && lost.From <= lost.Through,
            "Synod design §3: records are numbered 1, 2, 3");
        _losses ??= new Losses();
        long before = _losses.Gaps.Count == 0 ? 0 : _losses.Gaps[^1].CountThrough;
        _losses.Gaps.Add((lost, before + lost.Through.Number - lost.From.Number + 1));
        Appended = lost.Through;
    }

    /// <summary>A statement before the first record may be lost.</summary>
    public void LoseBefore(in LostRecords lost)
    {
        Invariant.Holds(
            lost.From == Released.Next() && lost.Through == Released,
            "Synod safety §7: what is lost before the floor is told at the floor");
        (_losses ??= new Losses()).Before = lost;
    }

    /// <summary>The lost records that begin with a number, if any do.</summary>
    public LostRecords? LostAt(RecordNumber number)
    {
        foreach ((LostRecords lost, _) in _losses?.Gaps ?? [])
        {
            if (lost.From == number)
                return lost;
        }

        return null;
    }

    /// <summary>Moves <see cref="Durable"/> over all records up to the position.</summary>
    /// <returns>Whether it moved.</returns>
    public bool DurableThrough(LogPosition position)
    {
        RecordNumber before = Durable;
        while (_durableCount < _positions.Count && _positions[_durableCount] <= position)
        {
            _durableCount++;
            Durable = AfterGaps(Durable).Next();
        }

        if (_durableCount == _positions.Count)
            Durable = Appended;
        return Durable != before;
    }

    private void RequireNext(in RecordHeader header) => Invariant.Holds(
        header.Number == Appended.Next(), "Synod design §3: records are numbered 1, 2, 3");

    private void Note(in RecordHeader header, LogPosition position)
    {
        Statement statement = new(header.Epoch, header.Owner, header.Number, position);
        int place = PlaceOf(header);
        if (place < 0)
            _statements = [.. _statements, statement];
        else
            _statements[place] = statement;
    }

    private int PlaceOf(in RecordHeader header)
    {
        for (int place = 0; place < _statements.Length; place++)
        {
            Statement known = _statements[place];
            if (known.Owner == header.Owner && known.Epoch == header.Epoch)
                return place;
        }

        return -1;
    }

    private int IndexOf(RecordNumber number) =>
        checked((int)(number.Number - 1 - CountLostBefore(number) - _dropped));

    private RecordNumber AfterGaps(RecordNumber number)
    {
        while (_losses is not null && LostAt(number.Next()) is LostRecords lost)
            number = lost.Through;
        return number;
    }

    private long CountLostBefore(RecordNumber number)
    {
        if (_losses is null)
            return 0;

        for (int index = _losses.Gaps.Count - 1; index >= 0; index--)
        {
            if (_losses.Gaps[index].Lost.Through < number)
                return _losses.Gaps[index].CountThrough;
        }

        return 0;
    }

    // Mostly nothing is lost.
    private sealed class Losses
    {
        public List<(LostRecords Lost, long CountThrough)> Gaps { get; } = [];

        public LostRecords? Before { get; set; }
    }

    private readonly record struct Statement(
        EpochId Epoch, RecordOwner Owner, RecordNumber Number, LogPosition Position);
}
