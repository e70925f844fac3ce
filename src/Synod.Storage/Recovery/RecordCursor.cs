using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Goes through the records of an intact frame, copies included.</summary>
internal ref struct RecordCursor(ReadOnlySpan<byte> body, long position, LogId logId)
{
    private ReadOnlySpan<byte> _rest = body;
    private long _next = position;

    /// <summary>Where the record is in the log.</summary>
    public LogPosition Position { get; private set; }

    /// <summary>Header and body of the record.</summary>
    public ReadOnlySpan<byte> Record { get; private set; }

    /// <summary>Whether the record is a copy.</summary>
    public readonly bool IsCopy => RecordFormat.IsCopy(Record);

    /// <summary>Whether everything up to here was records, and nothing else.</summary>
    public bool IsValid { get; private set; } = true;

    public bool MoveNext()
    {
        if (_rest.IsEmpty || !IsValid)
            return false;

        if (RecordFormat.IsPadding(_rest))
            SkipPadding();
        int length = RecordFormat.BodyLength(_rest, _rest.Length);
        int size = length < 0 ? 0 : RecordFormat.SizeOf(length);
        Position = new LogPosition(_next);
        IsValid = length >= 0 && size <= _rest.Length
            && RecordFormat.IsPossible(_rest)
            && RecordFormat.IsIntact(
                _rest[..(RecordFormat.HeaderBytes + length)], Position, logId);
        if (!IsValid)
            return false;

        Record = _rest[..(RecordFormat.HeaderBytes + length)];
        _rest = _rest[size..];
        _next += size;
        return true;
    }

    // Copies begin in a sector of their own; zeros are before it.
    private void SkipPadding()
    {
        long next = Sector.RoundDown(_next) + Sector.Bytes;
        int skipped = (int)Math.Min(next - _next, _rest.Length);
        _rest = _rest[skipped..];
        _next = next;
    }
}
