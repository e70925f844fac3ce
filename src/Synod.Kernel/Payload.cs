namespace Synod.Kernel;

/// <summary>A handle to bytes that a kernel passes on and never looks into. It is
/// <em>transient</em> (bytes of the input of this step) or <em>logged</em> (bytes of a record in
/// the log's window). The default is the empty transient payload.</summary>
public readonly record struct Payload
{
    private Payload(RecordNumber record, int offset, int length)
    {
        Record = record;
        Offset = offset;
        Length = length;
    }

    /// <summary>The record that holds the bytes; zero while they are transient.</summary>
    public RecordNumber Record { get; }

    /// <summary>Where the bytes begin: in the input, or in the body of the record.</summary>
    public int Offset { get; }

    /// <summary>How many bytes there are.</summary>
    public int Length { get; }

    /// <summary>Whether the handle dies with the step.</summary>
    public bool IsTransient => Record.Number == 0;

    /// <summary>Bytes of the input of this step.</summary>
    public static Payload Transient(int offset, int length) => new(default, offset, length);

    /// <summary>Bytes of a record.</summary>
    public static Payload Logged(RecordNumber record, int offset, int length) =>
        new(record, offset, length);

    /// <summary>A part of the bytes.</summary>
    public Payload Slice(int offset, int length) => new(Record, Offset + offset, length);

    /// <summary>As in <c>[r12+9,64]</c>, or <c>[+9,64]</c> while transient.</summary>
    public override string ToString() =>
        IsTransient ? $"[+{Offset},{Length}]" : $"[{Record}+{Offset},{Length}]";
}
