using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The file log on a disk in memory that works only when it is told.</summary>
internal class SimulatedLogStorage : LogStorage
{
    private const int BlockBytes = 4096;

    private readonly FileLogOptions _options = new()
    {
        SegmentBytes = TestLog.SegmentBytes,
        FrameBytesMax = TestLog.FrameBytesMax,
        WindowBytes = 2 * TestLog.FrameBytesMax,
        CapacityBytes = 10 << 20,
        SpareRetryInterval = TimeSpan.FromMilliseconds(10),
        IdleMarkAfter = Timeout.InfiniteTimeSpan,
        NewLogId = new LogId(0x5EED),
    };

    private FileLog? _log;

    public override LogAbilities Abilities =>
        LogAbilities.Reopens | LogAbilities.LosesPower | LogAbilities.FailsWrites
        | LogAbilities.FailsFlushes | LogAbilities.IsDamaged | LogAbilities.FillsUp
        | LogAbilities.HasRoomAgain | LogAbilities.Releases;

    public override TimeSpan Patience => TimeSpan.FromSeconds(1);

    protected MemoryBlockDevice Disk { get; } = new();

    public override ILog Open(Action wake)
    {
        // An opening waits for the disk itself.
        Disk.IsStepwise = false;
        _log = FileLog.Open(Device, _options, wake);
        Disk.IsStepwise = true;
        return _log;
    }

    public override bool Work() => Disk.RunOne() || Disk.ReadOne();

    public override void Kill() => Disk.Restart();

    public override void CutPower(Func<bool> survives) => Disk.Crash((_, _) => survives());

    public override void FailNext(LogFault fault) =>
        Disk.Fail(fault == LogFault.Write ? DiskJobKind.Write : DiskJobKind.Flush);

    public override bool Damage(SeededRandom random)
    {
        long place = random.Below(_log!.Report.Bytes);
        string file = Disk.List()[(int)(place / TestLog.SegmentBytes)].Name;
        int offset = (int)(place % TestLog.SegmentBytes);
        if (random.Chance(1, 2))
        {
            int flipped = Disk.Bytes(file)[offset] ^ (1 << (int)random.Below(8));
            Disk.Overwrite(file, offset, [(byte)flipped]);
            return true;
        }

        int rest = BlockBytes - (offset % BlockBytes);
        byte[] bytes = new byte[1 + random.Below(rest)];
        bytes.AsSpan().Fill((byte)random.Below(256));
        Disk.Overwrite(file, offset, bytes);
        return true;
    }

    public override void Fill(bool isFull) => Disk.RoomBytes =
        isFull ? Disk.List().Sum(static file => file.Length) : long.MaxValue;

    /// <summary>The disk as the log sees it.</summary>
    protected virtual IBlockDevice Device => Disk;
}
