using BenchmarkDotNet.Attributes;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Benchmarks;

/// <summary>A batch of records in the log of a node, from append to durable. On the disk of the
/// temporary directory a flush is real; in memory only our own work is left.</summary>
public class LogBenchmarks : IDisposable
{
    private const int RecordsPerBatch = 64;
    private const int RecordsPerRelease = 1 << 14;

    private static readonly GroupId Group = new(1);

    private readonly byte[] _record = new byte[24];
    private readonly byte[] _command = new byte[128];
    private readonly AutoResetEvent _news = new(false);
    private DirectoryInfo? _directory;
    private FileBlockDevice? _device;
    private ILog? _log;
    private long _number;

    /// <summary>Whether there is a disk.</summary>
    [Params(true, false)]
    public bool IsOnDisk { get; set; }

    /// <summary>An empty log.</summary>
    [GlobalSetup]
    public void Open()
    {
        if (IsOnDisk)
        {
            _directory = Directory.CreateTempSubdirectory("synod-benchmark-");
            _device = FileBlockDevice.Open(_directory.FullName);
            _log = FileLog.Open(_device, new FileLogOptions(), () => _news.Set());
        }
        else
        {
            _log = new MemoryLog(new MemoryLogOptions(), () => _news.Set());
        }
    }

    /// <summary>What every turn of a busy node does.</summary>
    [Benchmark(OperationsPerInvoke = RecordsPerBatch)]
    public LogPosition Append()
    {
        if (_log is not ILog log)
            return default;

        LogPosition last = default;
        for (int record = 0; record < RecordsPerBatch; record++)
        {
            last = log.Append(
                new RecordHeader(
                    Group, default, new RecordNumber(++_number), RecordOwner.Kernel),
                _record,
                _command);
        }

        log.Flush();
        log.Poll();
        while (log.Durable < last)
        {
            _news.WaitOne();
            log.Poll();
        }

        if (_number % RecordsPerRelease == 0)
            log.Release(new LogFloor(Group, new RecordNumber(_number), last));

        return last;
    }

    /// <summary>Nothing is left of it.</summary>
    [GlobalCleanup]
    public void Close()
    {
        _log?.Dispose();
        _device?.Dispose();
        _directory?.Delete(recursive: true);
        (_log, _device, _directory) = (null, null, null);
    }

    /// <summary>The same, and more if nothing was measured.</summary>
    public void Dispose()
    {
        Close();
        _news.Dispose();
        GC.SuppressFinalize(this);
    }
}
