using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Real files in a directory. One thread of its own performs the jobs, so that the owner
/// never waits for the disk.</summary>
public sealed partial class FileBlockDevice : IBlockDevice
{
    private readonly object _gate = new();
    private readonly Queue<DiskJob> _submitted = new();
    private readonly Queue<DiskJob> _reads = new();
    private readonly Queue<DiskJob> _done = new();
    private readonly Dictionary<string, SafeFileHandle> _handles = new(StringComparer.Ordinal);
    private readonly bool _flushesNothing;
    private Thread? _worker;
    private Thread? _reader;
    private Action _wake = static () => { };
    private volatile Action<DiskJob> _performs = static _ => { };
    private DiskError? _broken;
    private int _underWay;
    private bool _isClosing;
    private bool _isDraining;

    private FileBlockDevice(string directory, bool flushesNothing)
    {
        Location = directory;
        _flushesNothing = flushesNothing;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>Called before each job, by whichever thread performs it: a test waits here as a
    /// disk that hangs would. Default nothing.</summary>
    public Action<DiskJob> Performs
    {
        get => _performs;
        set => _performs = value;
    }

    /// <summary>Tells how long jobs take. Set before the device is started. Default the
    /// system's.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Opens a directory and makes it if it is not there; its parent must be.</summary>
    /// <exception cref="LogException">The directory cannot be used, or this system is not one on
    /// which flushing is known to reach the disk.</exception>
    public static FileBlockDevice Open(string directory) => OpenAs(directory, false);

    /// <summary>Opens a directory whose files are written and never flushed: where the machine
    /// stops, what was called durable may be lost. Only for groups whose epoch says so.</summary>
    /// <exception cref="LogException">The directory cannot be used.</exception>
    public static FileBlockDevice OpenUnsafeNoFlush(string directory) => OpenAs(directory, true);

    /// <inheritdoc/>
    public IReadOnlyList<DiskFile> List()
    {
        try
        {
            return [.. new DirectoryInfo(Location).EnumerateFiles()
                .OrderBy(static file => file.Name, StringComparer.Ordinal)
                .Select(static file => new DiskFile(file.Name, file.Length))];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new LogException($"{Location} cannot be listed: {cause.Message}", cause);
        }
    }

    /// <inheritdoc/>
    public int Read(string file, long offset, Span<byte> bytes)
    {
        int error = Handle(file, Libc.ReadWrite, out SafeFileHandle handle);
        int count = 0;
        if (error == 0)
            error = Libc.Read(handle, offset, bytes, out count);
        return error == 0
            ? count
            : throw new LogException(
                $"{PathOf(file)} cannot be read at offset {offset}: {Errno.Describe(error)}. "
                + "Replace the disk if it happens again.");
    }

    /// <inheritdoc/>
    public void Start(Action wake)
    {
        _wake = wake;
        _worker = new Thread(() => Work(_submitted)) { IsBackground = true, Name = "synod disk" };
        _worker.Start();
    }

    /// <inheritdoc/>
    public void Submit(DiskJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        bool isRead = job.Kind == DiskJobKind.Read;
        lock (_gate)
        {
            if (isRead)
                StartReader();
            (isRead ? _reads : _submitted).Enqueue(job);
            _underWay++;
            if (isRead || !MayWait(job))
                Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc/>
    public bool TryTake([NotNullWhen(true)] out DiskJob? job)
    {
        lock (_gate)
            return _done.TryDequeue(out job);
    }

    /// <inheritdoc/>
    public void Drain()
    {
        lock (_gate)
        {
            _isDraining = true;
            Monitor.PulseAll(_gate);
            while (_underWay > 0)
                Monitor.Wait(_gate);
            _isDraining = false;
        }
    }

    /// <summary>Ends after the job that is under way; what is still queued is not
    /// performed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.PulseAll(_gate);
        }

        _worker?.Join();
        _reader?.Join();
        foreach (SafeFileHandle handle in _handles.Values)
            handle.Dispose();
        _handles.Clear();
    }

    /// <inheritdoc/>
    public void Perform(DiskJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        bool changes = job.Kind != DiskJobKind.Read;
        Performs(job);
        job.Error = (changes ? _broken : null) ?? Run(job);

        // A new file that does not fit leaves everything else as it was. After any other error it
        // is not known what is on the disk, so nothing may be built on it.
        if (changes && job.Error is { IsFull: false })
            _broken = job.Error;
    }

    private DiskError? Run(DiskJob job) => job.Kind switch
    {
        DiskJobKind.Create => Create(job),
        DiskJobKind.Write => Write(job),
        DiskJobKind.Flush => Flush(job),
        DiskJobKind.Rename => Rename(job),
        DiskJobKind.Remove => Remove(job),
        DiskJobKind.FlushNames => FlushNames(job),
        DiskJobKind.Read => Read(job),
    };

    private static FileBlockDevice OpenAs(string directory, bool flushesNothing)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (Libc.WhyNotDurable is { } reason)
            throw new LogException($"The log in {directory} cannot be opened. {reason}");

        string path = Path.GetFullPath(directory);
        if (DurableFile.EnsureDirectory(path) is { } error)
            throw new LogException($"The log directory {path} cannot be used: {error}.");
        return new FileBlockDevice(path, flushesNothing);
    }

    // A thread of its own, so that a flush never waits for what a slow disk reads. Most nodes never
    // need it.
    private void StartReader()
    {
        if (_reader is not null)
            return;

        _reader = new Thread(() => Work(_reads)) { IsBackground = true, Name = "synod reads" };
        _reader.Start();
    }

    private void Work(Queue<DiskJob> jobs)
    {
        while (TryNext(jobs, out DiskJob? job))
        {
            Perform(job);
            Return(job, goesOn: false);
        }
    }

    private void Return(DiskJob job, bool goesOn)
    {
        bool isNews = job.Kind != DiskJobKind.Write || job.Error is not null;
        lock (_gate)
        {
            _isPerforming &= goesOn || job.Kind == DiskJobKind.Read;
            _done.Enqueue(job);
            _underWay--;
            if (_isDraining)
                Monitor.PulseAll(_gate);
        }

        if (isNews)
            _wake();
    }

    private bool TryNext(Queue<DiskJob> jobs, [NotNullWhen(true)] out DiskJob? job)
    {
        lock (_gate)
        {
            // Reads have nothing to do with who performs the others.
            bool isRead = jobs == _reads;
            while ((jobs.Count == 0 || (!isRead && _isPerforming)) && !_isClosing)
                Monitor.Wait(_gate);
            job = null;
            bool isThere = !_isClosing && jobs.TryDequeue(out job);
            _isPerforming |= isThere && !isRead;
            return isThere;
        }
    }

    private DiskError? Create(DiskJob job)
    {
        bool isNew = !File.Exists(PathOf(job.File));
        int error = Handle(job.File, Libc.ReadWrite | Libc.Create, out SafeFileHandle handle);
        if (error != 0)
            return Error(job, "open", error);

        error = Libc.Allocate(handle, job.Length);
        if (error != 0)
        {
            if (isNew)
                Forget(job.File);
            return Error(job, "posix_fallocate", error);
        }

        if (isNew)
            _written[job.File] = 0;

        // The name is flushed before anything is written to the file, so a frame that was
        // acknowledged cannot be lost with its file.
        return Error(job, "fsync", Libc.FlushAll(handle))
            ?? Error(job, "fsync of the directory", Libc.FlushDirectory(Location));
    }

    private DiskError? Write(DiskJob job)
    {
        int error = Handle(job.File, Libc.ReadWrite, out SafeFileHandle handle);
        if (error != 0)
            return Error(job, "open", error);

        error = Libc.Write(handle, job.Offset, job.Bytes.Span);
        return Error(job, "pwrite", error != 0 ? error : ClearBehind(job, handle));
    }

    private DiskError? Flush(DiskJob job)
    {
        if (_flushesNothing)
            return null;

        int error = Handle(job.File, Libc.ReadWrite, out SafeFileHandle handle);
        if (error != 0)
            return Error(job, "open", error);

        long begun = Clock.GetTimestamp();
        error = Libc.FlushData(handle);
        NoteTime(begun);
        return Error(job, "fdatasync", error);
    }

    private DiskError? Rename(DiskJob job)
    {
        // A handle stays good under the other name.
        int error = Handle(job.File, Libc.ReadWrite, out SafeFileHandle handle);
        if (error != 0)
            return Error(job, "open", error);
        if (File.Exists(PathOf(job.NewFile)))
            return new DiskError(job.File, "rename", $"{job.NewFile} is there already");

        error = Libc.Rename(PathOf(job.File), PathOf(job.NewFile));
        if (error != 0)
            return Error(job, "rename", error);

        lock (_handles)
        {
            _handles.Remove(job.File);
            _handles.Add(job.NewFile, handle);
        }

        _written.Remove(job.File);
        return null;
    }

    private DiskError? Remove(DiskJob job)
    {
        Close(job.File);
        _written.Remove(job.File);
        return Error(job, "unlink", Libc.Remove(PathOf(job.File)));
    }

    private DiskError? FlushNames(DiskJob job) =>
        Error(job, "fsync of the directory", Libc.FlushDirectory(Location));

    private DiskError? Read(DiskJob job)
    {
        int error = Handle(job.File, Libc.ReadWrite, out SafeFileHandle handle);
        if (error != 0)
            return Error(job, "open", error);

        error = Libc.Read(handle, job.Offset, job.Room.Span, out int count);
        job.Count = count;
        return Error(job, "pread", error);
    }

    private static DiskError? Error(DiskJob job, string operation, int error) =>
        error == 0
            ? null
            : new DiskError(job.File, operation, Errno.Describe(error))
            {
                // A flush that failed is never a matter of room: it is not tried again.
                IsFull = job.Kind == DiskJobKind.Create
                    && operation is "open" or "posix_fallocate"
                    && error is Errno.NoSpace or Errno.QuotaExceeded,
            };

    private int Handle(string file, int flags, out SafeFileHandle handle)
    {
        lock (_handles)
        {
            if (_handles.TryGetValue(file, out SafeFileHandle? known))
            {
                handle = known;
                return 0;
            }

            int error = Libc.Open(PathOf(file), flags, out handle);
            if (error == 0)
                _handles.Add(file, handle);
            else
                handle.Dispose();
            return error;
        }
    }

    private void Close(string file)
    {
        lock (_handles)
        {
            if (_handles.Remove(file, out SafeFileHandle? handle))
                handle.Dispose();
        }
    }

    private void Forget(string file)
    {
        Close(file);

        // If this fails too, an empty file is left, which the next opening fills or ignores.
        _ = Libc.Remove(PathOf(file));
    }

    private string PathOf(string file) => Path.Combine(Location, file);
}
