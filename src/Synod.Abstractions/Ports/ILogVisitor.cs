namespace Synod.Abstractions;

/// <summary>Is shown the records of a log, at opening.</summary>
public interface ILogVisitor
{
    /// <summary>The next record, in the order of appending. The bytes are valid during the
    /// call.</summary>
    void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body);
}
