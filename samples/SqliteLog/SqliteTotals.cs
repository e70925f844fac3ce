namespace Synod.Samples.SqliteLog;

/// <summary>What the tables must have: in every commit, so that a row that is gone is
/// missed.</summary>
/// <param name="Base">The first record that is left.</param>
/// <param name="Last">The last record.</param>
/// <param name="Statements">How many newest statements there are.</param>
/// <param name="Tips">How many groups.</param>
/// <param name="Floors">How many groups have released something.</param>
internal sealed record SqliteTotals(
    long Base, long Last, long Statements, long Tips, long Floors)
{
    public static SqliteTotals Empty { get; } = new(1, 0, 0, 0, 0);

    /// <summary>How many records there must be.</summary>
    public long Records => Last - Base + 1;

    public long Crc => SqliteRecord.CrcOf(
        Last,
        [
            .. BitConverter.GetBytes(Base),
            .. BitConverter.GetBytes(Statements),
            .. BitConverter.GetBytes(Tips),
            .. BitConverter.GetBytes(Floors),
        ]);
}
