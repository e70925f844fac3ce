using System.Diagnostics;
using Synod.Abstractions;
using Synod.Storage;

namespace Synod.Hosting;

/// <summary>Where the pump of a node waits: before it does, it helps the disk.</summary>
internal sealed class HelpingWait(INewsWait news, Func<bool> mayWaitForDisk) : INewsWait
{
    private long _helpBegan;

    /// <summary>The disk, once there is one.</summary>
    public FileBlockDevice? Device { get; set; }

    /// <summary>How long it has waited for the disk by now; zero if it does not. Safe for use from
    /// any thread.</summary>
    public TimeSpan HelpTime => Volatile.Read(ref _helpBegan) is long began and not 0
        ? Stopwatch.GetElapsedTime(began)
        : TimeSpan.Zero;

    /// <inheritdoc/>
    public void Wait(TimeSpan timeout)
    {
        Volatile.Write(ref _helpBegan, Stopwatch.GetTimestamp());
        Device?.Help(mayWaitForDisk());
        Volatile.Write(ref _helpBegan, 0);
        news.Wait(timeout);
    }

    /// <inheritdoc/>
    public void Wake() => news.Wake();
}
