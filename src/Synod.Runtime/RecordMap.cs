using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Where in the node's log the records of one replica are, and up to which of them they
/// are durable. Numbers may be missing where the disk was damaged. Outlives the lives of the
/// replica.</summary>
internal sealed class RecordMap
{
    private readonly List<LogPosition> _positions = [];
    private readonly List<(LostRecords Lost, long CountThrough)> _gaps = [];
    private int _durableCount;
    private LogPosition? _appendingBehind;

    /// <summary>The newest record, lost ones included.</summary>
    public RecordNumber Appended { get; private set; }

    /// <summary>The newest record that, with all before it that are not lost, is known to be
    /// durable.</summary>
    public RecordNumber Durable { get; private set; }

    /// <summary>The position of a record that was appended and is not lost.</summary>
    public LogPosition this[RecordNumber number] =>
        _positions[checked((int)(number.Number - 1 - CountLostBefore(number)))];

    /// <summary>Appends the next record to the log.</summary>
    public void Append(
        ILog log, in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        _appendingBehind = log.Appended;
        Add(header.Number, log.Append(header, record, command));
        _appendingBehind = null;
    }

    /// <summary>Takes in the record whose append was ended by an exception, if the log has taken
    /// it: its number must not be used again. Called before anybody appends another.</summary>
    public void Reconcile(ILog log)
    {
        if (_appendingBehind is LogPosition before && log.Appended > before)
            Add(Appended.Next(), log.Appended);
        _appendingBehind = null;
    }

    /// <summary>Takes the position of the next record.</summary>
    public void Add(RecordNumber number, LogPosition position)
    {
        Invariant.Holds(number == Appended.Next(), "Synod design §3: records are numbered 1, 2, 3");
        _positions.Add(position);
        Appended = number;
    }

    /// <summary>The next records are lost: their numbers are not used again.</summary>
    public void Lose(in LostRecords lost)
    {
        Invariant.Holds(
            lost.From == Appended.Next() && lost.From <= lost.Through,
            "Synod design §3: records are numbered 1, 2, 3");
        long before = _gaps.Count == 0 ? 0 : _gaps[^1].CountThrough;
        _gaps.Add((lost, before + lost.Through.Number - lost.From.Number + 1));
        Appended = lost.Through;
    }

    /// <summary>The lost records that begin with a number, if any do.</summary>
    public LostRecords? LostAt(RecordNumber number)
    {
        foreach ((LostRecords lost, _) in _gaps)
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

    private RecordNumber AfterGaps(RecordNumber number)
    {
        while (_gaps.Count > 0 && LostAt(number.Next()) is LostRecords lost)
            number = lost.Through;
        return number;
    }

    private long CountLostBefore(RecordNumber number)
    {
        for (int index = _gaps.Count - 1; index >= 0; index--)
        {
            if (_gaps[index].Lost.Through < number)
                return _gaps[index].CountThrough;
        }

        return 0;
    }
}
