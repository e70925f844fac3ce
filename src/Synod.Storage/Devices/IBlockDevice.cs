using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Files of a fixed size in one place, and a queue of work on them: real files, their
/// in-memory twin, or the disk of a simulation. Owned by one thread, which hears of finished work
/// only in <see cref="TryTake"/>.</summary>
/// <remarks>Jobs are performed one by one in the order of submission, but for reads, which go
/// beside the others. The device is fail-stop: after a job that failed, for another reason than
/// that a new file did not fit, no later job is performed and all fail with the same error; reads
/// do not count for that and go on.</remarks>
public interface IBlockDevice : IDisposable
{
    /// <summary>Where the files are, for messages.</summary>
    string Location { get; }

    /// <summary>The files that there are, in the order of their names. Called at opening.</summary>
    /// <exception cref="LogException">The device cannot tell.</exception>
    IReadOnlyList<DiskFile> List();

    /// <summary>Reads bytes of a file at once, and says how many there were: fewer than asked for
    /// only at the end of the file.</summary>
    /// <exception cref="LogException">The device does not give them back.</exception>
    int Read(string file, long offset, Span<byte> bytes);

    /// <summary>Performs a job at once, for opening and closing; the caller waits. Called only
    /// while no job is submitted. Whether it failed is in the job.</summary>
    void Perform(DiskJob job);

    /// <summary>Makes the device ready for <see cref="Submit"/>.</summary>
    /// <param name="wake">Called by any thread when <see cref="TryTake"/> has news that somebody
    /// may wait for: after every job but a write that succeeded, which means nothing before it is
    /// flushed. May be called within <see cref="Submit"/>, so it must only leave a sign.</param>
    void Start(Action wake);

    /// <summary>Queues a job. Job and bytes belong to the device until they are taken
    /// back.</summary>
    void Submit(DiskJob job);

    /// <summary>Takes back the next job that is done: reads in the order of their submission, and
    /// the others in that of theirs.</summary>
    bool TryTake([NotNullWhen(true)] out DiskJob? job);

    /// <summary>Waits until all that was submitted is done, for closing.</summary>
    void Drain();
}
