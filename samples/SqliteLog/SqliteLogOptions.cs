namespace Synod.Samples.SqliteLog;

/// <summary>The sizes of a log in a database.</summary>
public sealed record SqliteLogOptions
{
    /// <summary>The largest body of a record, in bytes. Default 4 MiB.</summary>
    public int RecordBytesMax { get; init; } = 4 << 20;

    /// <summary>Whether the database was there before: if it is gone, it is refused. Default
    /// false.</summary>
    public bool MustBeThere { get; init; }

    /// <summary>The most bytes of records that it takes. Default 1 GiB.</summary>
    public long CapacityBytes { get; init; } = 1L << 30;

    /// <summary>The bytes at the end that only votes, terms and the entries of others may use; of
    /// the last quarter of it only votes and terms. Default 16 MiB.</summary>
    public long ReserveBytes { get; init; } = 16 << 20;

    /// <summary>How large the write-ahead file may become before it is worked into the database, in
    /// bytes. Default 16 MiB.</summary>
    public long CheckpointBytes { get; init; } = 16 << 20;

    /// <summary>Called before each commit and each checkpoint, by the thread that does it. Tests
    /// throw here what a disk that fails would throw.</summary>
    internal Action BeforeSync { get; init; } = static () => { };
}
