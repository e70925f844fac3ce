using Synod.Abstractions;

namespace Synod.Samples.SqliteLog;

/// <summary>What one commit makes durable.</summary>
internal sealed class SqliteBatch(
    List<SqliteRecord> records, List<LogFloor> floors, SqliteTotals totals)
{
    public List<SqliteRecord> Records { get; } = records;

    public List<LogFloor> Floors { get; } = floors;

    public SqliteTotals Totals { get; } = totals;

    /// <summary>How many bytes of records it has dropped.</summary>
    public long Freed { get; set; }

    /// <summary>Why it failed; null if it did not.</summary>
    public Exception? Error { get; set; }
}
