namespace Synod.Abstractions;

/// <summary>Is shown records of a log: all at opening, later one by one.</summary>
public interface ILogVisitor
{
    /// <summary>The next record, in the order of appending. The bytes are valid during the
    /// call.</summary>
    void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body);
}
