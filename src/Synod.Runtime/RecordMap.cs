using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Where in the node's log the records of one replica are, and up to which of them they
/// are durable. Outlives the lives of the replica.</summary>
internal sealed class RecordMap
{
    private readonly List<LogPosition> _positions = [];
    private LogPosition? _appendingBehind;

    /// <summary>The newest record.</summary>
    public RecordNumber Appended => new(_positions.Count);

    /// <summary>The newest record that, with all before it, is known to be durable.</summary>
    public RecordNumber Durable { get; private set; }

    /// <summary>The position of a record that was appended.</summary>
    public LogPosition this[RecordNumber number] => _positions[checked((int)number.Number - 1)];

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
    }

    /// <summary>Moves <see cref="Durable"/> over all records up to the position.</summary>
    /// <returns>Whether it moved.</returns>
    public bool DurableThrough(LogPosition position)
    {
        RecordNumber before = Durable;
        while (Durable < Appended && this[Durable.Next()] <= position)
            Durable = Durable.Next();
        return Durable != before;
    }
}
