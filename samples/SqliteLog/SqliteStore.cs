using Microsoft.Data.Sqlite;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Samples.SqliteLog;

/// <summary>The database of a log. One thread at a time.</summary>
internal sealed class SqliteStore : IDisposable
{
    private const string Schema = """
        CREATE TABLE record(position INTEGER PRIMARY KEY, bytes BLOB, crc INTEGER);
        CREATE TABLE statement(
            key BLOB PRIMARY KEY, position INTEGER, bytes BLOB, crc INTEGER) WITHOUT ROWID;
        CREATE TABLE tip(grp INTEGER PRIMARY KEY, number INTEGER, crc INTEGER);
        CREATE TABLE floor(
            grp INTEGER PRIMARY KEY, number INTEGER, position INTEGER, crc INTEGER);
        CREATE TABLE log(
            id INTEGER PRIMARY KEY, base INTEGER, last INTEGER, statements INTEGER,
            tips INTEGER, floors INTEGER, crc INTEGER);
        """;

    private readonly SqliteLogOptions _options;
    private readonly SqliteConnection _database;
    private readonly SqliteCommand _addRecord;
    private readonly SqliteCommand _setStatement;
    private readonly SqliteCommand _setTip;
    private readonly SqliteCommand _setFloor;
    private readonly SqliteCommand _weigh;
    private readonly SqliteCommand _drop;
    private readonly SqliteCommand _setLog;
    private readonly SqliteCommand _readRecord;
    private readonly SqliteCommand _readStatement;
    private readonly string _walFile;

    private SqliteStore(SqliteConnection database, SqliteLogOptions options, string file)
    {
        _options = options;
        _database = database;
        _walFile = file + "-wal";
        _addRecord = Prepare("INSERT INTO record VALUES ($1, $2, $3)", 3);
        _setStatement = Prepare("REPLACE INTO statement VALUES ($1, $2, $3, $4)", 4);
        _setTip = Prepare("REPLACE INTO tip VALUES ($1, $2, $3)", 3);
        _setFloor = Prepare("REPLACE INTO floor VALUES ($1, $2, $3, $4)", 4);
        _weigh = Prepare("SELECT sum(length(bytes)) FROM record WHERE position < $1", 1);
        _drop = Prepare("DELETE FROM record WHERE position < $1", 1);
        _setLog = Prepare("REPLACE INTO log VALUES (1, $1, $2, $3, $4, $5, $6)", 6);
        _readRecord = Prepare("SELECT bytes, crc FROM record WHERE position = $1", 1);
        _readStatement = Prepare("SELECT bytes, crc FROM statement WHERE position = $1", 1);
    }

    /// <summary>Opens a database, for this process alone, or makes one.</summary>
    public static SqliteStore Open(string file, SqliteLogOptions options)
    {
        SqliteConnection database = new(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            database.Open();

            // Each commit flushes before it ends, and nobody else can open the file.
            Execute(database, "PRAGMA locking_mode = EXCLUSIVE");
            Execute(database, "PRAGMA journal_mode = WAL");
            Execute(database, "PRAGMA synchronous = FULL");
            Execute(database, "PRAGMA wal_autocheckpoint = 0");
            Execute(database, "PRAGMA cell_size_check = ON");
            Create(database, options);
            SqliteStore store = new(database, options, file);

            // What can be read may be in memory only, if the process before was killed.
            store.Checkpoint();
            return store;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Makes a batch durable, all of it or nothing.</summary>
    public void Commit(SqliteBatch batch)
    {
        using (SqliteTransaction transaction = _database.BeginTransaction())
        {
            foreach (SqliteRecord record in batch.Records)
                Add(transaction, record);
            foreach ((ulong group, long number) in batch.Records
                .GroupBy(static record => record.Header.Group.Number)
                .Select(static all => (all.Key, all.Last().Header.Number.Number)))
            {
                long key = unchecked((long)group);
                long crc = SqliteRecord.CrcOf(key, BitConverter.GetBytes(number));
                Run(_setTip, transaction, key, number, crc);
            }

            if (batch.Floors.Count > 0)
                Release(transaction, batch);
            SqliteTotals totals = batch.Totals;
            Run(
                _setLog, transaction,
                totals.Base, totals.Last, totals.Statements, totals.Tips, totals.Floors,
                totals.Crc);
            _options.BeforeSync();
            transaction.Commit();
        }

        if (new FileInfo(_walFile) is { Exists: true } wal
            && wal.Length > _options.CheckpointBytes)
        {
            Checkpoint();
        }
    }

    /// <summary>The record at a position; if it is not intact, the copy of it.</summary>
    public SqliteRecord? Find(long position) =>
        Find(_readRecord, position) ?? Find(_readStatement, position);

    /// <summary>What the log holds, as it says itself; null if that cannot be
    /// believed.</summary>
    public SqliteTotals? Totals()
    {
        using SqliteCommand command = _database.CreateCommand();
        command.CommandText = "SELECT base, last, statements, tips, floors, crc FROM log";
        using SqliteDataReader reader = command.ExecuteReader();
        if (!reader.Read())
            return null;

        SqliteTotals totals = new(
            NumberIn(reader, 0) ?? -1,
            NumberIn(reader, 1) ?? -1,
            NumberIn(reader, 2) ?? -1,
            NumberIn(reader, 3) ?? -1,
            NumberIn(reader, 4) ?? -1);
        return NumberIn(reader, 5) == totals.Crc ? totals : null;
    }

    /// <summary>All records in order; null in the place of one that is not intact.</summary>
    public IEnumerable<(long Position, SqliteRecord? Record)> Records() =>
        Read("SELECT position, bytes, crc FROM record ORDER BY position");

    /// <summary>All newest statements.</summary>
    public IEnumerable<SqliteRecord> Statements() =>
        Read("SELECT position, bytes, crc FROM statement")
            .Select(static pair => pair.Record)
            .OfType<SqliteRecord>();

    /// <summary>The number of the newest record of each group.</summary>
    public Dictionary<ulong, long> Tips()
    {
        using SqliteCommand command = _database.CreateCommand();
        command.CommandText = "SELECT grp, number, crc FROM tip";
        using SqliteDataReader reader = command.ExecuteReader();
        Dictionary<ulong, long> tips = [];
        while (reader.Read())
        {
            bool isIntact = NumberIn(reader, 0) is long group
                && NumberIn(reader, 1) is long number
                && NumberIn(reader, 2)
                    == SqliteRecord.CrcOf(group, BitConverter.GetBytes(number));
            if (isIntact)
                tips[unchecked((ulong)reader.GetInt64(0))] = reader.GetInt64(1);
        }

        return tips;
    }

    /// <summary>Where the records of each group begin that has released some.</summary>
    public Dictionary<ulong, LogFloor> Floors()
    {
        using SqliteCommand command = _database.CreateCommand();
        command.CommandText = "SELECT grp, number, position, crc FROM floor";
        using SqliteDataReader reader = command.ExecuteReader();
        Dictionary<ulong, LogFloor> floors = [];
        while (reader.Read())
        {
            LogFloor floor = new(
                new GroupId(unchecked((ulong)(NumberIn(reader, 0) ?? 0))),
                new RecordNumber(NumberIn(reader, 1) ?? 0),
                new LogPosition(NumberIn(reader, 2) ?? 0));
            if (NumberIn(reader, 3) == CrcOf(floor))
                floors[floor.Group.Number] = floor;
        }

        return floors;
    }

    public void Dispose() => _database.Dispose();

    // A new database has one page at most. One that has more and no tables has lost them.
    private static void Create(SqliteConnection database, SqliteLogOptions options)
    {
        if (Number(database, "SELECT count(*) FROM sqlite_master") > 0)
            return;
        if (Number(database, "PRAGMA page_count") > 1)
            throw new LogException($"{database.DataSource} has lost its tables.");

        using SqliteTransaction transaction = database.BeginTransaction();
        Execute(
            database,
            $"{Schema} INSERT INTO log VALUES (1, 1, 0, 0, 0, 0, {SqliteTotals.Empty.Crc})",
            transaction);
        options.BeforeSync();
        transaction.Commit();
    }

    private static long Number(SqliteConnection database, string text)
    {
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private static void Execute(
        SqliteConnection database, string text, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private static long CrcOf(in LogFloor floor) => SqliteRecord.CrcOf(
        floor.Position.Bytes,
        [
            .. BitConverter.GetBytes(floor.Group.Number),
            .. BitConverter.GetBytes(floor.Number.Number),
        ]);

    private static void Run(
        SqliteCommand command, SqliteTransaction transaction, params object[] values)
    {
        command.Transaction = transaction;
        for (int place = 0; place < values.Length; place++)
            command.Parameters[place].Value = values[place];
        command.ExecuteNonQuery();
    }

    // A damaged row may have a value of any type.
    private static long? NumberIn(SqliteDataReader reader, int column) =>
        reader.GetValue(column) is long number ? number : null;

    private static SqliteRecord? RecordIn(SqliteDataReader reader, long position, int at) =>
        reader.GetValue(at) is byte[] bytes
            && NumberIn(reader, at + 1) is long crc
            && SqliteRecord.IsIntact(position, bytes, crc)
                ? new SqliteRecord(position, bytes)
                : null;

    private void Release(SqliteTransaction transaction, SqliteBatch batch)
    {
        foreach (LogFloor floor in batch.Floors)
        {
            long key = unchecked((long)floor.Group.Number);
            Run(
                _setFloor, transaction,
                key, floor.Number.Number, floor.Position.Bytes, CrcOf(floor));
        }

        batch.Freed = Freed(transaction, batch.Totals.Base);
        Run(_drop, transaction, batch.Totals.Base);
    }

    private long Freed(SqliteTransaction transaction, long position)
    {
        _weigh.Transaction = transaction;
        _weigh.Parameters[0].Value = position;
        return _weigh.ExecuteScalar() is long bytes ? bytes : 0;
    }

    private void Add(SqliteTransaction transaction, SqliteRecord record)
    {
        Run(_addRecord, transaction, record.Position, record.Bytes, record.Crc);
        if (record.Header.IsStatement)
        {
            Run(
                _setStatement, transaction,
                record.Key, record.Position, record.Bytes, record.Crc);
        }
    }

    private IEnumerable<(long Position, SqliteRecord? Record)> Read(string text)
    {
        using SqliteCommand command = _database.CreateCommand();
        command.CommandText = text;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (NumberIn(reader, 0) is long position)
                yield return (position, RecordIn(reader, position, at: 1));
        }
    }

    private static SqliteRecord? Find(SqliteCommand command, long position)
    {
        command.Parameters[0].Value = position;
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() ? RecordIn(reader, position, at: 0) : null;
    }

    private SqliteCommand Prepare(string text, int parameters)
    {
        SqliteCommand command = _database.CreateCommand();
        command.CommandText = text;
        for (int place = 1; place <= parameters; place++)
            command.Parameters.Add(new SqliteParameter($"${place}", null));
        return command;
    }

    // Flushes the write-ahead file, works it into the database, and flushes that.
    private void Checkpoint()
    {
        _options.BeforeSync();
        using SqliteCommand command = _database.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        using SqliteDataReader reader = command.ExecuteReader();
        if (!reader.Read() || reader.GetInt64(0) != 0)
            throw new LogException($"{_database.DataSource} could not be checkpointed.");
    }
}
