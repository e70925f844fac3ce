namespace Synod.Abstractions;

/// <summary>Is shown records of a log: all at opening, later one by one.</summary>
public interface ILogVisitor
{
    /// <summary>The next record. Those of one replica come in the order of their numbers, and a
    /// statement that is left only as a copy comes in its place. The bytes are valid during the
    /// call.</summary>
    void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body);

    /// <summary>The records of a replica begin here: all before were released. Comes before
    /// anything else of the replica. What follows of lower numbers are statements, each the newest
    /// of its epoch and owner.</summary>
    void Released(in LogFloor floor);

    /// <summary>Records that are not there, in their place between the others of the replica. A
    /// statement that may be lost before the floor comes as a range of no records, behind the
    /// statements that are left from there and before the first record.</summary>
    void Lost(in LostRecords lost);
}
