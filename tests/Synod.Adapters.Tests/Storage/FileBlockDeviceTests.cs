using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public sealed class FileBlockDeviceTests : IDisposable, ILogVisitor
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _path = Directory.CreateTempSubdirectory("synod-log-").FullName;
    private readonly AutoResetEvent _woken = new(false);
    private readonly List<string> _shown = [];

    private readonly FileLogOptions _options = new()
    {
        SegmentBytes = 1 << 20,
        FrameBytesMax = 256 << 10,
        WindowBytes = 512 << 10,
        CapacityBytes = 16 << 20,
    };

    [Fact]
    [Feature("C02")]
    public void Records_survive_closing_and_not_closing()
    {
        using (FileBlockDevice device = Open())
        using (FileLog log = FileLog.Open(device, _options, Wake))
            Commit(log, "one");

        using (FileBlockDevice device = Open())
        {
            FileLog log = FileLog.Open(device, _options, Wake);
            Commit(log, "two");
        }

        using (FileBlockDevice device = Open())
        using (FileLog log = FileLog.Open(device, _options, Wake))
        {
            log.Replay(this);
            Assert.Equal(["one", "two"], _shown);
            Assert.Equal(3, log.Report.Opening);
        }
    }

    [Fact]
    [Feature("C04")]
    public void Many_segments_are_filled_and_read_back()
    {
        using FileBlockDevice device = Open();
        using FileLog log = FileLog.Open(device, _options, Wake);
        List<LogPosition> positions = [];
        for (int number = 0; number < 60; number++)
            positions.Add(Commit(log, Body(number)));

        Assert.Equal(
            ["000000000001-0001.log", "000000000002-0001.log"],
            Directory.EnumerateFiles(_path).Select(Path.GetFileName).Order().Take(2));
        for (int number = 0; number < positions.Count; number++)
            Assert.Equal(Body(number), Text(log.Read(positions[number])));
        Assert.All(
            device.List(), static file => Assert.Equal(1 << 20, file.Length));
    }

    [Fact]
    public void Appends_during_a_flush_are_made_durable_by_the_next_one()
    {
        using FileBlockDevice device = Open();
        using FileLog log = FileLog.Open(device, _options, Wake);
        for (int number = 0; number < 1000; number++)
        {
            Append(log, $"record {number}");
            log.Flush();
            log.Poll();
        }

        Wait(log, log.Appended);
        Assert.InRange(log.Report.Frames, 2, 1001);
    }

    [Fact]
    public void A_file_that_is_gone_poisons_with_its_name()
    {
        using FileBlockDevice device = Open();
        device.Start(Wake);
        device.Submit(new DiskJob { Kind = DiskJobKind.Flush, File = "gone" });
        device.Submit(new DiskJob { Kind = DiskJobKind.Create, File = "new", Length = 4096 });
        device.Drain();

        Assert.True(device.TryTake(out DiskJob? flush));
        Assert.True(device.TryTake(out DiskJob? create));
        Assert.StartsWith(
            "open of gone failed with ENOENT", flush.Error?.ToString(), StringComparison.Ordinal);
        Assert.Same(flush.Error, create.Error);
        Assert.False(device.TryTake(out _));
        Assert.Empty(device.List());
    }

    [Fact]
    public void A_file_that_does_not_fit_leaves_nothing_behind_and_the_device_in_order()
    {
        using FileBlockDevice device = Open();
        DiskJob huge = new() { Kind = DiskJobKind.Create, File = "huge", Length = 1L << 50 };
        device.Perform(huge);
        DiskJob small = new() { Kind = DiskJobKind.Create, File = "small", Length = 4096 };
        device.Perform(small);

        Assert.Contains("posix_fallocate", huge.Error?.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(device.List(), static file => file.Name == "huge");
        if (huge.Error is { IsFull: true })
            Assert.Null(small.Error);
    }

    [Fact]
    public void A_directory_without_a_parent_is_refused()
    {
        LogException error = Assert.Throws<LogException>(
            () => FileBlockDevice.Open(Path.Combine(_path, "no", "log")));
        Assert.Contains(
            $"parent directory {_path}/no does not exist", error.Message, StringComparison.Ordinal);
    }

    void ILogVisitor.Visit(
        in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        _shown.Add(Text(body));

    void ILogVisitor.Released(in LogFloor floor) => _shown.Add($"released {floor}");

    void ILogVisitor.Lost(in LostRecords lost) => _shown.Add($"lost {lost}");

    public void Dispose()
    {
        _woken.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    private static string Body(int number) => $"record {number} ".PadRight(number * 4000, '.');

    private static string Text(ReadOnlySpan<byte> bytes) =>
        System.Text.Encoding.ASCII.GetString(bytes);

    private static void Append(FileLog log, string body)
    {
        RecordHeader header = new(new GroupId(1), default, new RecordNumber(1), RecordOwner.Kernel);
        log.Append(header, System.Text.Encoding.ASCII.GetBytes(body), default);
    }

    private FileBlockDevice Open() => FileBlockDevice.Open(_path);

    private void Wake() => _woken.Set();

    private LogPosition Commit(FileLog log, string body)
    {
        Append(log, body);
        log.Flush();
        Wait(log, log.Appended);
        return log.Durable;
    }

    private void Wait(FileLog log, LogPosition position)
    {
        for (log.Poll(); log.Durable < position; log.Poll())
        {
            Assert.Null(log.Poison);
            Assert.True(_woken.WaitOne(Patience), "The disk does not answer.");
        }
    }
}
