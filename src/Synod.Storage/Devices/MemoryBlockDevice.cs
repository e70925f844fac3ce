using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>The in-memory twin of <see cref="FileBlockDevice"/>, without a thread, for tests: it
/// crashes, loses any subset of unflushed sectors, fails and fills up when it is told to.</summary>
public sealed class MemoryBlockDevice : IBlockDevice
{
    /// <summary>What is written all or not at all: the sectors of disks, whatever they say, are of
    /// this size.</summary>
    public const int SectorBytes = 512;

    private static readonly DiskJobKind[] Kinds = Enum.GetValues<DiskJobKind>();

    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly Queue<DiskJob> _submitted = new();
    private readonly Queue<DiskJob> _reads = new();
    private readonly List<NameChange> _names = [];
    private readonly Queue<DiskJob> _done = new();
    private readonly int[] _performed = new int[Kinds.Length];
    private readonly int[] _failing = new int[Kinds.Length];
    private Action _wake = static () => { };
    private DiskError? _broken;

    /// <inheritdoc/>
    public string Location => "memory";

    /// <summary>Whether jobs wait for <see cref="RunOne"/>; if not, they are performed within
    /// <see cref="Submit"/>.</summary>
    public bool IsStepwise { get; set; }

    /// <summary>How many bytes all files together may have; a new file that does not fit fails as
    /// on a full disk.</summary>
    public long RoomBytes { get; set; } = long.MaxValue;

    /// <summary>How many jobs wait, reads included.</summary>
    public int Waiting => _submitted.Count + _reads.Count;

    /// <summary>How many files were renamed or removed since the names were flushed.</summary>
    public int UnflushedNames => _names.Count;

    /// <summary>How often somebody has waited for bytes of a file.</summary>
    public int ReadsAtOnce { get; private set; }

    /// <summary>How many jobs are done and were not taken back.</summary>
    public int Done => _done.Count;

    /// <summary>How many jobs of a kind were tried so far.</summary>
    public int Performed(DiskJobKind kind) => _performed[(int)kind];

    /// <summary>Lets the next job of a kind fail, or one after it.</summary>
    public void Fail(DiskJobKind kind, int skip = 0) =>
        _failing[(int)kind] = Performed(kind) + 1 + skip;

    /// <inheritdoc/>
    public IReadOnlyList<DiskFile> List() =>
        [.. _files.Select(static pair => new DiskFile(pair.Key, pair.Value.Seen.Length))];

    /// <inheritdoc/>
    public int Read(string file, long offset, Span<byte> bytes)
    {
        if (!_files.TryGetValue(file, out MemoryFile? found))
            throw new LogException($"{Location}/{file} cannot be read: there is no such file.");

        ReadsAtOnce++;
        int count = (int)Math.Clamp(found.Seen.Length - offset, 0, bytes.Length);
        found.Seen.AsSpan(checked((int)offset), count).CopyTo(bytes);
        return count;
    }

    /// <inheritdoc/>
    public void Perform(DiskJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        bool changes = job.Kind != DiskJobKind.Read;
        job.Error = (changes ? _broken : null)
            ?? (IsToFail(job.Kind) ? Fault(job, "EIO") : Run(job));
        if (changes && job.Error is { IsFull: false })
            _broken = job.Error;
    }

    /// <inheritdoc/>
    public void Start(Action wake) => _wake = wake;

    /// <inheritdoc/>
    public void Submit(DiskJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        (job.Kind == DiskJobKind.Read ? _reads : _submitted).Enqueue(job);
        if (!IsStepwise)
            Drain();
    }

    /// <summary>Performs the job that waits longest, reads left out; false if none does.</summary>
    public bool RunOne() => RunNext(_submitted);

    /// <summary>Performs the read that waits longest; false if none does.</summary>
    public bool ReadOne() => RunNext(_reads);

    /// <inheritdoc/>
    public bool TryTake([NotNullWhen(true)] out DiskJob? job) => _done.TryDequeue(out job);

    /// <inheritdoc/>
    public void Drain()
    {
        while (RunOne() || ReadOne())
        {
        }
    }

    /// <summary>The sectors that were written and not flushed.</summary>
    public IReadOnlyList<(string File, int Sector)> Unflushed() =>
        [.. _files.SelectMany(static pair => pair.Value.Unflushed.Select(
            sector => (pair.Key, sector)))];

    /// <summary>The machine stops: jobs that wait are gone, and of the unflushed sectors those are
    /// on the disk that are chosen, by default none. Of the unflushed names, asked for as sector
    /// -1, those before the first that is not chosen are. The disk that comes back is a good
    /// one.</summary>
    public void Crash(Func<string, int, bool>? survives = null)
    {
        int kept = 0;
        while (kept < _names.Count && survives?.Invoke(_names[kept].File, -1) == true)
            kept++;
        for (int index = _names.Count - 1; index >= kept; index--)
            Undo(_names[index]);
        _names.Clear();
        foreach ((string name, MemoryFile file) in _files)
            file.Crash(sector => survives?.Invoke(name, sector) ?? false);

        // A file whose creation was under way may be there, without its room.
        bool isUnderWay = _submitted.TryPeek(out DiskJob? job) && job.Kind == DiskJobKind.Create;
        if (isUnderWay && job is not null && survives?.Invoke(job.File, 0) == true)
            _files.TryAdd(job.File, new MemoryFile(0));

        Restart();
    }

    /// <summary>Only the process stops: jobs that wait are gone, what was written can be read, and
    /// is no more durable than before.</summary>
    public void Restart()
    {
        _submitted.Clear();
        _reads.Clear();
        _done.Clear();
        Array.Clear(_failing);
        _broken = null;
    }

    /// <summary>Changes bytes on the disk behind everybody's back.</summary>
    public void Overwrite(string file, int offset, ReadOnlySpan<byte> bytes) =>
        _files[file].Overwrite(offset, bytes);

    /// <summary>Adds a file, or replaces it, behind everybody's back.</summary>
    public void Plant(string file, ReadOnlySpan<byte> bytes)
    {
        _files[file] = new MemoryFile(bytes.Length);
        Overwrite(file, 0, bytes);
    }

    /// <summary>Removes a file behind everybody's back.</summary>
    public void Remove(string file) => _files.Remove(file);

    /// <summary>The bytes of a file as a reader sees them.</summary>
    public ReadOnlySpan<byte> Bytes(string file) => _files[file].Seen;

    /// <summary>Does nothing: the files outlive their users.</summary>
    public void Dispose()
    {
    }

    private bool RunNext(Queue<DiskJob> jobs)
    {
        if (!jobs.TryDequeue(out DiskJob? job))
            return false;

        Perform(job);
        _done.Enqueue(job);
        if (job.Kind != DiskJobKind.Write || job.Error is not null)
            _wake();
        return true;
    }

    private bool IsToFail(DiskJobKind kind) => ++_performed[(int)kind] == _failing[(int)kind];

    private DiskError? Run(DiskJob job)
    {
        if (job.Kind == DiskJobKind.FlushNames)
        {
            _names.Clear();
            return null;
        }

        if (job.Kind == DiskJobKind.Create)
            return Create(job);
        if (!_files.TryGetValue(job.File, out MemoryFile? file))
            return new DiskError(job.File, "open", "ENOENT");

        switch (job.Kind)
        {
            case DiskJobKind.Flush:
                file.Flush();
                break;
            case DiskJobKind.Write:
                file.Write(checked((int)job.Offset), job.Bytes.Span);
                break;
            case DiskJobKind.Read:
                job.Count = Math.Min(file.Seen.Length - (int)job.Offset, job.Room.Length);
                file.Seen.AsSpan((int)job.Offset, job.Count).CopyTo(job.Room.Span);
                break;
            case DiskJobKind.Rename:
                return Rename(job, file);
            case DiskJobKind.Remove:
                _files.Remove(job.File);
                _names.Add(new NameChange(job.File, null, file));
                break;
        }

        return null;
    }

    private DiskError? Rename(DiskJob job, MemoryFile file)
    {
        if (!_files.TryAdd(job.NewFile, file))
            return new DiskError(job.File, "rename", "EEXIST");

        _files.Remove(job.File);
        _names.Add(new NameChange(job.File, job.NewFile, file));
        return null;
    }

    private void Undo(NameChange change)
    {
        if (change.NewFile is not null)
            _files.Remove(change.NewFile);
        _files[change.File] = change.Contents;
    }

    private DiskError? Create(DiskJob job)
    {
        MemoryFile? file = _files.GetValueOrDefault(job.File);
        long grown = job.Length - (file?.Seen.Length ?? 0);
        if (_files.Values.Sum(static other => (long)other.Seen.Length) + grown > RoomBytes)
            return new DiskError(job.File, "create", "ENOSPC") { IsFull = true };

        if (file is null)
            _files.Add(job.File, new MemoryFile(checked((int)job.Length)));
        else
            file.Grow(checked((int)job.Length));

        // Making the name of a file durable makes all of them so.
        _names.Clear();
        return null;
    }

    private DiskError Fault(DiskJob job, string reason)
    {
        if (job.Kind == DiskJobKind.Flush && _files.TryGetValue(job.File, out MemoryFile? file))
            file.FailFlush();
        return new DiskError(job.File, job.Kind.ToString(), reason);
    }

    private sealed record NameChange(string File, string? NewFile, MemoryFile Contents);
}
