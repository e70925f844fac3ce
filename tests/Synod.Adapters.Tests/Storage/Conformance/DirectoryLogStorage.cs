using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The file log in a directory of the machine that runs the tests, with its own thread and
/// real flushes; what a loss of power leaves is made by <see cref="FickleDevice"/>.</summary>
internal sealed class DirectoryLogStorage : LogStorage
{
    private const int SegmentBytes = 1 << 20;

    private readonly string _path = Directory.CreateTempSubdirectory("synod-log-").FullName;
    private readonly UnflushedSectors _unflushed = new();
    private DataDirectory? _directory;
    private FickleDevice? _device;
    private FileLog? _log;
    private LogFault? _armed;

    public override LogAbilities Abilities =>
        LogAbilities.Reopens | LogAbilities.LosesPower | LogAbilities.FailsWrites
        | LogAbilities.FailsFlushes | LogAbilities.IsDamaged | LogAbilities.FillsUp
        | LogAbilities.IsExclusive | LogAbilities.Releases;

    private string LogPath => _directory!.LogPath;

    public override ILog Open(Action wake)
    {
        DataDirectory held = Hold();
        _directory = held;
        _device = new FickleDevice(FileBlockDevice.Open(held.LogPath), _unflushed);
        if (_armed is LogFault fault)
            _device.FailNext(fault);
        _armed = null;
        try
        {
            return _log = FileLog.Open(_device, Options(), wake);
        }
        catch (LogException)
        {
            Closed();
            throw;
        }
    }

    public override void Closed()
    {
        _device?.Dispose();
        _device = null;
        _directory?.Dispose();
    }

    public override void Kill() => Closed();

    public override void CutPower(Func<bool> survives)
    {
        Closed();
        _unflushed.Lose(LogPath, survives);
    }

    public override void FailNext(LogFault fault)
    {
        if (_device is null)
            _armed = fault;
        else
            _device.FailNext(fault);
    }

    public override bool Damage(SeededRandom random)
    {
        long place = random.Below(_log!.Report.Bytes);
        string file = Directory.EnumerateFiles(LogPath).Order(StringComparer.Ordinal)
            .ElementAt((int)(place / SegmentBytes));
        using FileStream stream = File.Open(file, FileMode.Open);
        stream.Position = place % SegmentBytes;
        int flipped = stream.ReadByte() ^ (1 << (int)random.Below(8));
        stream.Position--;
        stream.WriteByte((byte)flipped);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        Closed();
        Directory.Delete(_path, recursive: true);
        base.Dispose(disposing);
    }

    private DataDirectory Hold()
    {
        try
        {
            return DataDirectory.Open(
                Path.Combine(_path, "node"), new ClusterId(7), new NodeId(1));
        }
        catch (DataDirectoryException held)
        {
            throw new LogException(held.Message, held);
        }
    }

    private static FileLogOptions Options() => new()
    {
        SegmentBytes = SegmentBytes,
        FrameBytesMax = 64 << 10,
        WindowBytes = 128 << 10,
        CapacityBytes = 10 << 20,
    };
}
