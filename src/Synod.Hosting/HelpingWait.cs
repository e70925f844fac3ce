using Synod.Abstractions;
using Synod.Storage;

namespace Synod.Hosting;

/// <summary>Where the pump of a node waits: before it does, it helps the disk.</summary>
internal sealed class HelpingWait(INewsWait news, Func<bool> mayWaitForDisk) : INewsWait
{
    /// <summary>The disk, once there is one.</summary>
    public FileBlockDevice? Device { get; set; }

    /// <inheritdoc/>
    public void Wait(TimeSpan timeout)
    {
        Device?.Help(mayWaitForDisk());
        news.Wait(timeout);
    }

    /// <inheritdoc/>
    public void Wake() => news.Wake();
}
