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
    private readonly Queue<DiskJob> _reads = [];
    private int _boot;
    private bool _isMisdirecting;

    /// <summary>What it holds for certain.</summary>
    public DurableImage Image => image;

    /// <summary>Called before every job is taken: here the process may end.</summary>
    public Action Submitting { get; set; } = static () => { };

    /// <summary>Called when there is news for the log.</summary>
    public Action Worked { get; set; } = static () => { };

    /// <summary>Called when so many frames are written and not flushed: here the power may
    /// fail.</summary>
    public DiskWait? Wrote { get; set; }

    /// <summary>How many times slower than usual it is.</summary>
    public int Slowness { get; set; } = 1;

    /// <summary>Whether a job has failed since the process started.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether no file fits any more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether bytes that were durable are not what they were.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Whether that is so or may soon be so: it counts among the disks that may be lost at
    /// a time.</summary>
    public bool IsEndangered { get; private set; }

    /// <summary>Whether all that was written is flushed, as it must be once the log is open.
    /// </summary>
    public bool IsClean => _device.Unflushed().Count == 0;

    public string Location => _device.Location;

    public IReadOnlyList<DiskFile> List() => _device.List();

    public int Read(string file, long offset, Span<byte> bytes) =>
        _device.Read(file, offset, bytes);

    public void Start(Action wake) => _device.Start(wake);

    public bool TryTake([NotNullWhen(true)] out DiskJob? job) => _device.TryTake(out job);

    public void Dispose() => _device.Dispose();

    // Only openings and closings perform jobs at once: they write marks, and again what was there.
    // Both are surveyed when the log is open.
    public void Perform(DiskJob job)
    {
        Submitting();
        _device.Perform(job);
        Fails(job);
    }

    public void Submit(DiskJob job)
    {
        // A read changes nothing, so a crash before it is one before what comes next.
        bool isRead = job.Kind == DiskJobKind.Read;
        if (!isRead)
            Submitting();
        Queue<DiskJob> jobs = isRead ? _reads : _jobs;
        jobs.Enqueue(job);
        _device.Submit(job);
        if (jobs.Count == 1)
            Work(jobs);
    }

    public void Drain()
    {
        while (_jobs.Count > 0)
            RunOne();
        while (_reads.Count > 0)
            ReadOne();
    }

    /// <summary>The process has ended, or the whole machine: then any subset of what was not
    /// flushed is on the disk.</summary>
    public void Stop(bool isPowerLoss)
    {
        _boot++;
        _jobs.Clear();
        _reads.Clear();
        if (isPowerLoss && image.PendingBytes > SectorBytes)
            world.Count("power loss with several unflushed sectors");
        image.Forget();
        HasFailed = false;
        Wrote = null;
        _isMisdirecting = false;
        if (!isPowerLoss)
        {
            _device.Restart();
            return;
        }

        long survivors = random.Below(5);
        if (_device.UnflushedNames > 0)
            world.Count("power loss with an unflushed name");
        _device.Crash((_, _) => random.Chance(survivors, 4));
    }

    /// <summary>The next job of a kind fails.</summary>
    public void Fail(DiskJobKind kind) => _device.Fail(kind);

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

    /// <summary>What was prepared and has not happened does not happen any more.</summary>
    public void Calm()
    {
        Wrote = null;
        _isMisdirecting = false;
    }

    /// <summary>Changes a bit, or a whole sector, of what a frame says that was durable, now and
    /// then of the newest one; false if there is none.</summary>
    public bool Damage()
    {
        if (image.Frames.Count == 0)
            return false;

        int last = image.Frames.Count - 1;
        Damage(image.Frames[random.Chance(1, 3) ? last : (int)random.Below(last + 1)]);
        return true;
    }

    /// <summary>Changes the newest frame but one: by the last one the log finds out; false if
    /// there is none.</summary>
    public bool DamageNewest()
    {
        if (image.Frames.Count < 2)
            return false;

        Damage(image.Frames[image.Frames.Count - 2]);
        return true;
    }

    /// <summary>Destroys the newest statement with all its copies: its frame, and those behind it
    /// that may have some; false if there are none but in the newest frame. By that one the log
    /// finds out.</summary>
    public bool DamageStatement()
    {
        IReadOnlyList<DurableFrame> frames = image.Frames;
        int first = frames.Count - 2;
        while (first >= 0 && !frames[first].HasStatement)
            first--;
        if (first < 0 || frames[^1].HasStatement || frames[^1].MayHaveCopies)
            return false;

        foreach (DurableFrame frame in frames.Skip(first).Take(frames.Count - 1 - first))
        {
            if (frame.HasStatement || frame.MayHaveCopies)
                Destroy(frame);
        }

        return true;
    }

    private void Destroy(DurableFrame frame)
    {
        _device.Overwrite(frame.File, (int)frame.Offset, new byte[frame.Length]);
        frame.IsDamaged = true;
        IsDamaged = IsEndangered = true;
    }

    private void Damage(DurableFrame frame)
    {
        int place = (int)(frame.Offset + random.Below(frame.UsedBytes));
        if (random.Chance(1, 4))
        {
            int sector = place / SectorBytes * SectorBytes;
            _device.Overwrite(frame.File, sector, new byte[SectorBytes]);
        }
        else
        {
            int flipped = _device.Bytes(frame.File)[place] ^ (1 << (int)random.Below(8));
            _device.Overwrite(frame.File, place, [(byte)flipped]);
        }

        frame.IsDamaged = true;
        IsDamaged = IsEndangered = true;
    }

    // Nothing was there before the first frame, and there is nothing else to be hit.
    private bool TryMisdirect(DiskJob job)
    {
        long frames = job.Offset / FrameAlignment;
        if (frames == 0)
            return false;

        _isMisdirecting = false;
        long offset = random.Below(frames) * FrameAlignment;
        image.Overwritten(job.File, job.Offset, job.Bytes.Length);
        image.Overwritten(job.File, offset, job.Bytes.Length);
        job.Offset = offset;
        IsDamaged = true;
        world.Count(nameof(FaultKind.Misdirect));
        return true;
    }

    // Reads go beside everything else.
    private void Work(Queue<DiskJob> jobs)
    {
        int boot = _boot;
        world.Schedule.After(TimeFor(jobs.Peek().Kind), () =>
        {
            if (boot != _boot)
                return;

            if (jobs == _reads)
                ReadOne();
            else
                RunOne();
            if (boot == _boot && jobs.Count > 0)
                Work(jobs);
        });
    }

    private void ReadOne()
    {
        DiskJob job = _reads.Dequeue();
        _device.ReadOne();
        world.CountUsual("a record was loaded");
        Fails(job);
        Worked();
    }

    private void RunOne()
    {
        DiskJob job = _jobs.Dequeue();
        bool isWrite = job.Kind == DiskJobKind.Write;
        if (isWrite)
            image.Written(job.File, job.Offset, job.Bytes.Span);
        bool isElsewhere = isWrite && _isMisdirecting && TryMisdirect(job);
        _device.RunOne();
        Fails(job);

        // The disk itself takes another place: no memory has what was there, also if the flush
        // fails and the power with it.
        if (isElsewhere && job.Error is null)
            _device.Overwrite(job.File, (int)job.Offset, job.Bytes.Span);
        if (job.Kind == DiskJobKind.Flush && job.Error is null)
            image.Flushed(job.File);
        if (job.Kind is DiskJobKind.Rename or DiskJobKind.Remove && job.Error is null)
            image.Gone(job.File);
        if (!isWrite || job.Error is not null)
            Worked();
        if (isWrite && Wrote is DiskWait wait && image.PendingFrames >= wait.Frames)
            wait.Then();
    }

    private void Fails(DiskJob job)
    {
        if (job.Error is null)
            return;

        HasFailed = true;
        world.Count($"{job.Kind} failed");
    }

    private TimeSpan TimeFor(DiskJobKind kind)
    {
        long microseconds = kind switch
        {
            DiskJobKind.Create => 1000 + random.Below(2000),
            DiskJobKind.Write => 10 + random.Below(40),
            DiskJobKind.Flush or DiskJobKind.FlushNames => 300 + random.Below(1500),
            DiskJobKind.Rename or DiskJobKind.Remove => 20 + random.Below(100),
            DiskJobKind.Read => 50 + random.Below(3000),
        };
        return TimeSpan.FromMicroseconds(microseconds * Slowness);
    }
}
