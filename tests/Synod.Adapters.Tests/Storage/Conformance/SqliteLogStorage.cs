using Microsoft.Data.Sqlite;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.SqliteLog;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The log of the sample, in a database. A process that is killed leaves the files as they
/// are, so they are copied away at that moment; a loss of power besides tears what the last commit
/// wrote, if nobody has heard of it.</summary>
internal sealed class SqliteLogStorage : LogStorage
{
    private const string Name = "log.db";
    private const string Wal = "log.db-wal";
    private const int SectorBytes = 512;
    private const int IoError = 10;

    private readonly DirectoryInfo _path = Directory.CreateTempSubdirectory("synod-sqlite-");
    private readonly object _gate = new();
    private string _folder;
    private SqliteLog? _log;
    private long _walBefore;
    private bool _isArmed;
    private int _life;

    public SqliteLogStorage() => _folder = NextFolder();

    public override LogAbilities Abilities =>
        LogAbilities.Reopens | LogAbilities.LosesPower | LogAbilities.FailsWrites
        | LogAbilities.FailsFlushes | LogAbilities.IsDamaged | LogAbilities.IsExclusive
        | LogAbilities.FillsUp | LogAbilities.Releases;

    private string DatabaseFile => Path.Combine(_folder, Name);

    public override ILog Open(Action wake)
    {
        SqliteLog log = SqliteLog.Open(DatabaseFile, Options(), wake);
        return _log = log;
    }

    public override void Closed() => _log = null;

    public override void Kill() => Move(static () => true, isPowerLoss: false);

    public override void CutPower(Func<bool> survives) => Move(survives, isPowerLoss: true);

    public override void FailNext(LogFault fault)
    {
        lock (_gate)
            _isArmed = true;
    }

    public override bool Damage(SeededRandom random)
    {
        using FileStream file = File.Open(DatabaseFile, FileMode.Open);
        long offset = random.Below(file.Length);
        file.Position = offset;
        int flipped = file.ReadByte() ^ (1 << (int)random.Below(8));
        file.Position = offset;
        file.WriteByte((byte)flipped);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        _log?.Abandon(static () => { });
        _path.Delete(recursive: true);
        base.Dispose(disposing);
    }

    private SqliteLogOptions Options() => new()
    {
        RecordBytesMax = 64 << 10,
        CapacityBytes = 10 << 20,
        ReserveBytes = 1 << 20,
        CheckpointBytes = 256 << 10,
        BeforeSync = BeforeSync,
    };

    // All commits before this one have flushed the file, as far as it reaches now.
    private void BeforeSync()
    {
        lock (_gate)
        {
            FileInfo wal = new(Path.Combine(_folder, Wal));
            _walBefore = wal.Exists ? wal.Length : 0;
            if (!_isArmed)
                return;

            _isArmed = false;
            throw new SqliteException("disk I/O error", IoError);
        }
    }

    private void Move(Func<bool> survives, bool isPowerLoss)
    {
        string folder = NextFolder();
        void Leave() => Copy(folder);
        if (_log is null)
        {
            Leave();
        }
        else
        {
            _log.Abandon(Leave);
            if (isPowerLoss && _log.HasNews)
                Tear(Path.Combine(folder, Wal), survives);
        }

        Directory.Delete(_folder, recursive: true);
        _folder = folder;
        _log = null;
        _isArmed = false;
    }

    private void Copy(string folder)
    {
        foreach (string name in (string[])[Name, Wal])
        {
            string file = Path.Combine(_folder, name);
            if (File.Exists(file))
                File.Copy(file, Path.Combine(folder, name));
        }
    }

    private void Tear(string file, Func<bool> survives)
    {
        if (!File.Exists(file))
            return;

        byte[] bytes = File.ReadAllBytes(file);
        for (long offset = _walBefore; offset < bytes.Length; offset += SectorBytes)
        {
            int length = (int)Math.Min(SectorBytes, bytes.Length - offset);
            if (!survives())
                bytes.AsSpan((int)offset, length).Clear();
        }

        File.WriteAllBytes(file, bytes);
    }

    private string NextFolder() => _path.CreateSubdirectory($"life {++_life}").FullName;
}
