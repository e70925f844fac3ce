using Microsoft.Data.Sqlite;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Samples.SqliteLog;

/// <summary>A log in a database of SQLite: a storage of one's own, to show what one has to do. It
/// keeps every promise of <see cref="ILog"/>, and is slower than the log that is
/// shipped.</summary>
/// <remarks>Owned by one thread; a second one commits. What was appended is in memory until its
/// commit has ended. A position counts records.</remarks>
public sealed class SqliteLog : ILog
{
    private const int RestParts = 4;

    private readonly object _gate = new();
    private readonly SqliteLogOptions _options;
    private readonly string _file;
    private readonly Action _wake;
    private readonly SqliteStore _store;
    private readonly Thread _committer;
    private readonly SqliteReplay _found;
    private readonly Dictionary<long, SqliteRecord> _window = [];
    private readonly Dictionary<ulong, long> _starts;
    private readonly Dictionary<ulong, LogFloor> _floors;
    private readonly HashSet<string> _statements;
    private List<SqliteRecord> _fresh = [];
    private List<LogFloor> _freshFloors = [];
    private SqliteBatch? _committing;
    private SqliteBatch? _committed;
    private long _bytes;
    private long _flushes;
    private bool _isCommitting;
    private bool _isFlushWanted;
    private bool _isClosing;
    private bool _isClosed;

    private SqliteLog(string file, SqliteLogOptions options, SqliteStore store, Action wake)
    {
        _file = file;
        _options = options;
        _store = store;
        _wake = wake;
        _found = new SqliteReplay(store, file);
        _starts = _found.Starts;
        _floors = new Dictionary<ulong, LogFloor>(_found.Floors);
        _statements = [.. _found.StatementKeys];
        _bytes = _found.Bytes;
        Appended = Durable = new LogPosition(_found.Totals.Last);
        Base = new LogPosition(_found.Totals.Base);
        _committer = new Thread(Work) { IsBackground = true, Name = "sqlite log" };
        _committer.Start();
    }

    /// <inheritdoc/>
    public StoragePressure Pressure
    {
        get
        {
            long left = _options.CapacityBytes - _bytes;
            if (left >= _options.ReserveBytes)
                return StoragePressure.None;
            return left < _options.ReserveBytes / RestParts
                ? StoragePressure.Full
                : StoragePressure.High;
        }
    }

    /// <inheritdoc/>
    public LogStatus Status => new()
    {
        Segments = 1,
        Bytes = _bytes,
        RoomBytes = _bytes,
        CapacityBytes = _options.CapacityBytes,
        Flushes = _flushes,
        Records = Appended.Bytes - _found.Totals.Last,
        Damage = Damage.Count == 0 ? null : string.Join("; ", Damage),
    };

    /// <inheritdoc/>
    public int RecordBytesMax => _options.RecordBytesMax;

    /// <inheritdoc/>
    public int StatementBytesMax => _options.RecordBytesMax;

    /// <inheritdoc/>
    public LogPosition Base { get; private set; }

    /// <inheritdoc/>
    public LogPosition Appended { get; private set; }

    /// <inheritdoc/>
    public LogPosition Durable { get; private set; }

    /// <inheritdoc/>
    public LogException? Poison { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<LogDamage> Damage => _found.Damage;

    /// <summary>Whether a commit has ended that nobody has polled for.</summary>
    internal bool HasNews
    {
        get
        {
            lock (_gate)
                return _committed is not null;
        }
    }

    /// <summary>Opens the log in a file, or makes a new one. When it returns, all that the log
    /// holds is durable.</summary>
    /// <param name="file">The database.</param>
    /// <param name="options">The sizes.</param>
    /// <param name="wake">Called by any thread when it is time for <see cref="Poll"/>.</param>
    /// <exception cref="LogException">It is in use, or so damaged that nobody can tell what is
    /// missing, or the disk has failed.</exception>
    public static SqliteLog Open(string file, SqliteLogOptions options, Action wake)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wake);
        if (options.MustBeThere && !File.Exists(file))
        {
            throw new LogException(
                $"The log {file} was there before and is gone. It is not begun anew, or the node "
                + "would have forgotten what it has promised. Bring it back, or remove the member "
                + "and add it with an empty directory.");
        }

        try
        {
            SqliteStore store = SqliteStore.Open(file, options);
            try
            {
                return new SqliteLog(file, options, store, wake);
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }
        catch (SqliteException cause)
        {
            throw new LogException($"The log {file} cannot be opened: {cause.Message}", cause);
        }
    }

    /// <inheritdoc/>
    public void Replay(ILogVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        _found.Show(visitor);
    }

    /// <inheritdoc/>
    public LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        int length = record.Length + command.Length;
        if (length > RecordBytesMax)
            throw new ArgumentException($"{length} bytes are more than {RecordBytesMax}.");

        if (Poison is null && _bytes + length > _options.CapacityBytes)
            Poison = new LogException($"The log {_file} is full. Give it more room.");
        if (Poison is not null)
            throw Poison;

        SqliteRecord written =
            SqliteRecord.Of(Appended.Bytes + 1, header, record, command);
        _window.Add(written.Position, written);
        _fresh.Add(written);
        _bytes += written.Bytes.Length;
        _starts.TryAdd(header.Group.Number, written.Position);
        if (header.IsStatement)
            _statements.Add(Convert.ToHexString(written.Key));
        return Appended = new LogPosition(written.Position);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(LogPosition position) => RecordAt(position).Body;

    /// <inheritdoc/>
    public void Show(LogPosition position, ILogVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        SqliteRecord record = RecordAt(position);
        visitor.Visit(record.Header, position, record.Body);
    }

    /// <inheritdoc/>
    public void Release(in LogFloor floor)
    {
        ulong group = floor.Group.Number;
        if (!_starts.TryGetValue(group, out long start) || floor.Position.Bytes > Appended.Bytes)
            throw new ArgumentException($"The floor {floor} is no record.", nameof(floor));
        if (floor.Position.Bytes < start || Poison is not null)
            return;

        // The next commit has all that was appended so far, and what makes it unnecessary.
        _starts[group] = floor.Position.Bytes;
        _floors[group] = floor;
        _freshFloors.Add(floor);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (Poison is not null || (_fresh.Count == 0 && _freshFloors.Count == 0))
            return;

        // What came after the begin of a commit is not in it, so it waits for the next one.
        if (_isCommitting)
            _isFlushWanted = true;
        else
            Begin();
    }

    /// <inheritdoc/>
    public void Poll()
    {
        SqliteBatch? batch;
        lock (_gate)
        {
            batch = _committed;
            _committed = null;
        }

        if (batch is null)
            return;

        _isCommitting = false;
        if (batch.Error is not null)
        {
            // Never tried again: after a commit that failed nobody knows what is in the file.
            Poison = new LogException(
                $"The log {_file} is poisoned: {batch.Error.Message} Nothing is written to it any "
                + "more. The process must be restarted.",
                batch.Error);
            return;
        }

        Durable = new LogPosition(batch.Totals.Last);
        Base = new LogPosition(batch.Totals.Base);
        _bytes -= batch.Freed;
        _flushes++;
        foreach (SqliteRecord record in batch.Records)
            _window.Remove(record.Position);
        if (_isFlushWanted)
            Begin();
    }

    /// <summary>Makes durable what was appended, unless the log is poisoned.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;

        while (Poison is null && Durable < Appended)
        {
            Flush();
            lock (_gate)
            {
                while (_isCommitting && _committed is null)
                    Monitor.Wait(_gate);
            }

            Poll();
        }

        Abandon(static () => { });
    }

    /// <summary>Ends as a process does that is killed, for tests.</summary>
    /// <param name="ended">Called when nothing is written any more, before the file is
    /// closed.</param>
    internal void Abandon(Action ended)
    {
        _isClosed = true;
        lock (_gate)
        {
            _isClosing = true;
            Monitor.PulseAll(_gate);
        }

        _committer.Join();
        ended();
        _store.Dispose();
    }

    private void Begin()
    {
        _isFlushWanted = false;
        _isCommitting = true;
        SqliteTotals totals = new(
            _starts.Values.DefaultIfEmpty(1).Min(),
            Appended.Bytes,
            _statements.Count + _found.StatementsLost,
            _starts.Count,
            _floors.Count);
        lock (_gate)
        {
            _committing = new SqliteBatch(_fresh, _freshFloors, totals);
            Monitor.PulseAll(_gate);
        }

        _fresh = [];
        _freshFloors = [];
    }

    private SqliteRecord RecordAt(LogPosition position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position.Bytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.Bytes, Appended.Bytes);
        if (_window.TryGetValue(position.Bytes, out SqliteRecord? record))
            return record;

        try
        {
            // The connection serves one at a time, so this waits for a commit that is under way.
            lock (_store)
            {
                return _store.Find(position.Bytes) ?? throw new LogException(
                    position < Base
                        ? $"The record at {position} was released: the log begins at {Base}."
                        : $"The log {_file} does not give back the record at {position}.");
            }
        }
        catch (SqliteException cause)
        {
            throw new LogException($"The log {_file} cannot be read: {cause.Message}", cause);
        }
    }

    private void Work()
    {
        while (TryNext() is SqliteBatch batch)
        {
            try
            {
                lock (_store)
                    _store.Commit(batch);
            }
            catch (Exception cause) when (cause is SqliteException or LogException)
            {
                batch.Error = cause;
            }

            lock (_gate)
            {
                _committed = batch;
                Monitor.PulseAll(_gate);
            }

            _wake();
        }
    }

    private SqliteBatch? TryNext()
    {
        lock (_gate)
        {
            while (_committing is null && !_isClosing)
                Monitor.Wait(_gate);
            SqliteBatch? next = _isClosing ? null : _committing;
            _committing = null;
            return next;
        }
    }
}
