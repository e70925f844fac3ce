using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Notes of which groups a statement may be lost. Between the begin of an opening, where
/// what is left is copied, and the record in which a member says that it is damaged, the machine
/// may stop: then the copy must not pass for the newest that there was.</summary>
internal sealed class DoubtVisitor(ILogVisitor visitor, StatementTable statements) : ILogVisitor
{
    public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        visitor.Visit(header, position, body);

    public void Released(in LogFloor floor) => visitor.Released(floor);

    public void Lost(in LostRecords lost)
    {
        if (lost.HidesStatement)
            statements.Doubt(lost.Group);
        visitor.Lost(lost);
    }
}
