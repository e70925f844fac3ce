using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Samples.SqliteLog;

/// <summary>What a database holds, and what is missing in it, as a log shows it.</summary>
internal sealed class SqliteReplay
{
    private readonly SortedDictionary<ulong, List<SqliteRecord>> _replicas = [];
    private readonly HashSet<long> _newest = [];
    private readonly Dictionary<ulong, long> _tips;
    private readonly Dictionary<ulong, LogFloor> _floors;
    private readonly SqliteTotals _totals;
    private readonly long _missing;
    private readonly bool _hidesStatement;

    /// <exception cref="LogException">Nobody can tell what is missing.</exception>
    public SqliteReplay(SqliteStore store, string file)
    {
        _totals = store.Totals()
            ?? throw Refusal(file, "what it says of itself is not intact");
        _tips = store.Tips();
        _floors = store.Floors();
        _missing = _totals.Records - ReadRecords(store);
        List<SqliteRecord> statements = [.. store.Statements()];
        _hidesStatement = statements.Count < _totals.Statements;
        if (_floors.Count < _totals.Floors)
            throw Refusal(file, "nobody knows what was released");

        foreach (SqliteRecord statement in statements)
            PutNewest(statement);
        if (_missing == 0 && !_hidesStatement && _tips.Count == _totals.Tips)
            return;

        if (_missing > 0 && _tips.Count < _totals.Tips)
            throw Refusal(file, $"{_missing} records are missing, and nobody knows whose");

        Damage =
        [
            new LogDamage(
                new LogPosition(_totals.Base), new LogPosition(_totals.Last + 1), file)
            {
                LostMax = _missing,
                StatementsMax = _hidesStatement ? _missing : 0,
            },
        ];
    }

    public IReadOnlyList<LogDamage> Damage { get; } = [];

    public SqliteTotals Totals => _totals;

    /// <summary>The groups that have ever had a record, and the first position that each still
    /// needs.</summary>
    public Dictionary<ulong, long> Starts => _replicas.Keys.Union(_tips.Keys).ToDictionary(
        static group => group,
        group => _floors.TryGetValue(group, out LogFloor floor)
            ? floor.Position.Bytes
            : _totals.Base);

    /// <summary>The floors by group.</summary>
    public IReadOnlyDictionary<ulong, LogFloor> Floors => _floors;

    /// <summary>How many of the newest statements are not known.</summary>
    public long StatementsLost => Math.Max(0, _totals.Statements - StatementKeys.Count());

    /// <summary>The newest statements, by what they are the newest of.</summary>
    public IEnumerable<string> StatementKeys => _replicas.Values
        .SelectMany(static records => records)
        .Where(static record => record.Header.IsStatement)
        .Select(static record => Convert.ToHexString(record.Key))
        .Distinct();

    /// <summary>The bytes of all records.</summary>
    public long Bytes { get; private set; }

    public void Show(ILogVisitor visitor)
    {
        foreach (ulong group in _replicas.Keys.Union(_tips.Keys).Order())
        {
            bool hasFloor = _floors.TryGetValue(group, out LogFloor floor);
            if (hasFloor)
                visitor.Released(floor);
            long next = hasFloor ? floor.Number.Number : 1;
            foreach (SqliteRecord record in _replicas.GetValueOrDefault(group) ?? [])
            {
                long number = record.Header.Number.Number;
                if (hasFloor && number < floor.Number.Number)
                {
                    if (_newest.Contains(record.Position))
                        Visit(visitor, record);
                    continue;
                }

                Lose(visitor, group, next, number - 1);
                Visit(visitor, record);
                next = number + 1;
            }

            if (_missing > 0)
                Lose(visitor, group, next, _tips.GetValueOrDefault(group));
        }
    }

    private static void Visit(ILogVisitor visitor, SqliteRecord record) =>
        visitor.Visit(record.Header, new LogPosition(record.Position), record.Body);

    private static LogException Refusal(string file, string why) =>
        new($"The log {file} is damaged: {why}. Put a copy of the file back, or remove this member "
            + "and add it anew with an empty directory.");

    private long ReadRecords(SqliteStore store)
    {
        long intact = 0;
        foreach ((long position, SqliteRecord? record) in store.Records())
        {
            if (record is null || position < _totals.Base || position > _totals.Last)
                continue;

            intact++;
            Bytes += record.Bytes.Length;
            Put(record);
        }

        return intact;
    }

    private void PutNewest(SqliteRecord statement)
    {
        _newest.Add(statement.Position);
        Put(statement);
    }

    // In the order of their numbers, each once: a statement that is lost comes back from its copy.
    private void Put(SqliteRecord record)
    {
        ulong group = record.Header.Group.Number;
        if (!_replicas.TryGetValue(group, out List<SqliteRecord>? records))
            _replicas.Add(group, records = []);
        int place = records.Count;
        while (place > 0 && records[place - 1].Header.Number > record.Header.Number)
            place--;
        if (place == 0 || records[place - 1].Header.Number != record.Header.Number)
            records.Insert(place, record);
    }

    private void Lose(ILogVisitor visitor, ulong group, long from, long through)
    {
        if (from > through)
            return;

        visitor.Lost(new LostRecords(
            new GroupId(group),
            new RecordNumber(from),
            new RecordNumber(through),
            _hidesStatement));
    }
}
