using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>A small log on a disk in memory that outlives its openings.</summary>
internal sealed class TestLog : ILogVisitor
{
    public const int SegmentBytes = 64 << 10;
    public const int FrameBytesMax = 16 << 10;

    private FileLog? _log;

    public MemoryBlockDevice Disk { get; } = new();

    public FileLogOptions Options { get; set; } = new()
    {
        SegmentBytes = SegmentBytes,
        FrameBytesMax = FrameBytesMax,
        WindowBytes = 2 * FrameBytesMax,
        CapacityBytes = 16 * SegmentBytes,
        NewLogId = new LogId(0x5EED),
        IdleMarkAfter = Timeout.InfiniteTimeSpan,
    };

    public FileLog Log => _log ?? throw new InvalidOperationException("Open first.");

    public int Wakes { get; private set; }

    /// <summary>What the last opening has shown, as text.</summary>
    public List<string> Shown { get; } = [];

    public List<RecordHeader> Headers { get; } = [];

    public List<LogPosition> Positions { get; } = [];

    /// <summary>What the last opening has told to be lost, between the others.</summary>
    public List<LostRecords> Lost { get; } = [];

    /// <summary>Where the last opening has told that groups begin.</summary>
    public List<LogFloor> Floors { get; } = [];

    public static string First => "000000000001-0001.log";

    /// <summary>The largest record, all of one letter: a frame of its own.</summary>
    public string Large(char letter) => new(letter, Log.RecordBytesMax);

    /// <summary>Opens it and shows it to somebody else.</summary>
    public void Open(ILogVisitor visitor)
    {
        _log = FileLog.Open(Disk, Options, () => Wakes++);
        _log.Replay(visitor);
    }

    public TestLog Open()
    {
        _log = FileLog.Open(Disk, Options, () => Wakes++);
        Shown.Clear();
        Headers.Clear();
        Positions.Clear();
        Lost.Clear();
        Floors.Clear();
        _log.Replay(this);
        return this;
    }

    /// <summary>The process stops without closing, and starts again.</summary>
    public TestLog Reopen(Func<string, int, bool>? survives = null)
    {
        Disk.Crash(survives);
        Disk.IsStepwise = false;
        return Open();
    }

    public LogPosition Append(
        string body, long number = 1, bool isStatement = false, ulong group = 7)
    {
        RecordHeader header = new(
            new GroupId(group),
            new EpochId(3, new Lineage(0x0123)),
            new RecordNumber(number),
            RecordOwner.Kernel,
            isStatement);
        byte[] bytes = Encoding.ASCII.GetBytes(body);
        int half = bytes.Length / 2;
        return Log.Append(header, bytes.AsSpan(0, half), bytes.AsSpan(half));
    }

    /// <summary>Appends records with their numbers in one frame, some of them statements, and waits
    /// until they are durable.</summary>
    public LogPosition Commit(
        ulong group, params (string Body, long Number, bool IsStatement)[] records)
    {
        LogPosition last = default;
        foreach ((string body, long number, bool isStatement) in records)
            last = Append(body, number, isStatement, group);
        Log.Flush();
        Settle();
        Assert.Equal(last, Log.Durable);
        return last;
    }

    /// <summary>Appends and waits until it is durable.</summary>
    public LogPosition Commit(params string[] bodies)
    {
        LogPosition last = default;
        foreach (string body in bodies)
            last = Append(body);
        Log.Flush();
        Settle();
        Assert.Equal(last, Log.Durable);
        return last;
    }

    /// <summary>Lets the disk do all there is to do.</summary>
    public void Settle()
    {
        do
        {
            Disk.Drain();
            Log.Poll();
        }
        while (Disk.Waiting + Disk.Done > 0);
    }

    public string Read(LogPosition position) => Encoding.ASCII.GetString(Log.Read(position));

    public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
    {
        Shown.Add(Encoding.ASCII.GetString(body));
        Headers.Add(header);
        Positions.Add(position);
    }

    void ILogVisitor.Released(in LogFloor floor)
    {
        Shown.Add($"{floor.Group} from {floor.Number}");
        Floors.Add(floor);
    }

    void ILogVisitor.Lost(in LostRecords lost)
    {
        Shown.Add($"lost {lost.From} to {lost.Through}");
        Lost.Add(lost);
    }
}
