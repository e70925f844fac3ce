using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Goes through the records of an intact frame.</summary>
internal ref struct RecordCursor(ReadOnlySpan<byte> body, long position)
{
    private ReadOnlySpan<byte> _rest = body;
    private long _next = position;

    /// <summary>Where the record is in the log.</summary>
    public LogPosition Position { get; private set; }

    /// <summary>Header and body of the record.</summary>
    public ReadOnlySpan<byte> Record { get; private set; }

    /// <summary>Whether everything up to here was records, and nothing else.</summary>
    public bool IsValid { get; private set; } = true;

    public bool MoveNext()
    {
        if (_rest.IsEmpty || !IsValid)
            return false;

        int length = RecordFormat.BodyLength(_rest, _rest.Length);
        int size = length < 0 ? 0 : RecordFormat.SizeOf(length);
        Position = new LogPosition(_next);
        IsValid = length >= 0 && size <= _rest.Length
            && Enum.IsDefined(RecordFormat.ReadHeader(_rest).Owner)
            && RecordFormat.IsIntact(_rest[..(RecordFormat.HeaderBytes + length)], Position);
        if (!IsValid)
            return false;

        Record = _rest[..(RecordFormat.HeaderBytes + length)];
        _rest = _rest[size..];
        _next += size;
        return true;
    }
}
