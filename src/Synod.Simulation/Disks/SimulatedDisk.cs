using System.Diagnostics.CodeAnalysis;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>The disk of a node: takes its time, and fails, lies, tears and fills up by plan. It is
/// the in-memory device of the log with a clock, and it keeps the <see cref="DurableImage"/>.
/// </summary>
internal sealed class SimulatedDisk(World world, SeededRandom random, DurableImage image)
    : IBlockDevice
{
    private const int SectorBytes = MemoryBlockDevice.SectorBytes;
    private const int FrameAlignment = 4096;

    private readonly MemoryBlockDevice _device = new() { IsStepwise = true };
    private readonly Queue<DiskJob> _jobs = [];
    private int _boot;
    private bool _isMisdirecting;
    private bool _hasFailed;

    /// <summary>What it holds for certain.</summary>
    public DurableImage Image => image;

    /// <summary>Called before every job is taken: here the process may end.</summary>
    public Action Submitting { get; set; } = static () => { };

    /// <summary>Called when there is news for the log.</summary>
    public Action Worked { get; set; } = static () => { };

    /// <summary>How many times slower than usual it is.</summary>
    public int Slowness { get; set; } = 1;

    /// <summary>Whether a log may end or refuse to open for the disk's sake: it was made to fail,
    /// or to lie, or is full.</summary>
    public bool IsBad => _hasFailed || IsDamaged || IsFull;

    /// <summary>Whether no file fits any more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether bytes that were durable are not what they were.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Whether that is so or may soon be so: it counts among the disks that may be lost at
    /// a time.</summary>
    public bool IsEndangered { get; private set; }

    public string Location => _device.Location;

    public IReadOnlyList<DiskFile> List() => _device.List();

    public int Read(string file, long offset, Span<byte> bytes) =>
        _device.Read(file, offset, bytes);

    public void Start(Action wake) => _device.Start(wake);

    public bool TryTake([NotNullWhen(true)] out DiskJob? job) => _device.TryTake(out job);

    public void Dispose() => _device.Dispose();

    // Only an opening performs jobs at once. What it writes was there before, but for its mark.
    public void Perform(DiskJob job)
    {
        Submitting();
        _device.Perform(job);
        if (job.Kind == DiskJobKind.Write && job.Error is null)
            image.Marked(job.File, job.Offset, job.Bytes.Span);
    }

    public void Submit(DiskJob job)
    {
        Submitting();
        _jobs.Enqueue(job);
        _device.Submit(job);
        if (_jobs.Count == 1)
            Work();
    }

    public void Drain()
    {
        while (_jobs.Count > 0)
            RunOne();
    }

    /// <summary>The process has ended, or the whole machine: then any subset of what was not
    /// flushed is on the disk.</summary>
    public void Stop(bool isPowerLoss)
    {
        _boot++;
        _jobs.Clear();
        image.Forget();
        _hasFailed = false;
        _isMisdirecting = false;
        if (!isPowerLoss)
        {
            _device.Restart();
            return;
        }

        long survivors = random.Below(5);
        _device.Crash((_, _) => random.Chance(survivors, 4));
    }

    /// <summary>The next job of a kind fails.</summary>
    public void Fail(DiskJobKind kind)
    {
        _device.Fail(kind);
        _hasFailed = true;
    }

    /// <summary>No file fits any more, or all do.</summary>
    public void Fill(bool isFull)
    {
        IsFull = isFull;
        _device.RoomBytes = isFull ? _device.List().Sum(static file => file.Length) : long.MaxValue;
    }

    /// <summary>The next frame is written to another place of its file.</summary>
    public void MisdirectNext()
    {
        _isMisdirecting = true;
        IsEndangered = true;
    }

    /// <summary>Changes a bit, or a whole sector, of a frame that was durable; false if there is
    /// none.</summary>
    public bool Damage()
    {
        if (image.Frames.Count == 0)
            return false;

        DurableFrame frame = image.Frames[(int)random.Below(image.Frames.Count)];
        long sectors = frame.Length / SectorBytes;
        int start = (int)(frame.Offset + (random.Below(sectors) * SectorBytes));
        byte[] sector = _device.Bytes(frame.File).Slice(start, SectorBytes).ToArray();
        if (random.Chance(1, 4))
            Array.Clear(sector);
        else
            sector[random.Below(SectorBytes)] ^= (byte)(1 << (int)random.Below(8));
        _device.Overwrite(frame.File, start, sector);
        frame.IsDamaged = true;
        IsDamaged = IsEndangered = true;
        return true;
    }

    /// <summary>Whether all that was written is flushed, as it must be once the log is open.
    /// </summary>
    public bool IsClean => _device.Unflushed().Count == 0;

    private void Misdirect(DiskJob job)
    {
        _isMisdirecting = false;
        long before = job.Offset / FrameAlignment;
        if (before == 0)
            return;

        long offset = random.Below(before) * FrameAlignment;
        image.Overwritten(job.File, job.Offset, job.Bytes.Length);
        image.Overwritten(job.File, offset, job.Bytes.Length);
        job.Offset = offset;
        _hasFailed = true;
        IsDamaged = true;
    }

    private void Work()
    {
        int boot = _boot;
        world.Schedule.After(TimeFor(_jobs.Peek().Kind), () =>
        {
            if (boot != _boot)
                return;

            RunOne();
            if (_jobs.Count > 0)
                Work();
        });
    }

    private void RunOne()
    {
        DiskJob job = _jobs.Dequeue();
        bool isWrite = job.Kind == DiskJobKind.Write;
        if (isWrite)
            image.Written(job.File, job.Offset, job.Bytes.Span);
        if (isWrite && _isMisdirecting)
            Misdirect(job);
        _device.RunOne();
        if (job.Kind == DiskJobKind.Flush && job.Error is null)
            image.Flushed(job.File);
        if (!isWrite || job.Error is not null)
            Worked();
    }

    private TimeSpan TimeFor(DiskJobKind kind)
    {
        long microseconds = kind switch
        {
            DiskJobKind.Create => 1000 + random.Below(2000),
            DiskJobKind.Write => 10 + random.Below(40),
            DiskJobKind.Flush => 300 + random.Below(1500),
        };
        return TimeSpan.FromMicroseconds(microseconds * Slowness);
    }
}
