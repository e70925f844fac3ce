using System.Diagnostics.CodeAnalysis;

namespace Synod.Storage;

/// <content>A quick disk is worked by the thread that wants the flush, when that has nothing else
/// to do: waking another thread and being woken by it costs more than such a flush
/// takes.</content>
public sealed partial class FileBlockDevice
{
    // More than that is left to the thread of the device, and after one slow flush everything is,
    // for a while: who waits for the disk hears nothing meanwhile.
    private const int BytesMax = 256 * 1024;
    private static readonly TimeSpan SlowFrom = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(1);

    private bool _isPerforming;
    private int _bytesWaiting;
    private long _slowAt;

    /// <summary>Whether <see cref="Help"/> is called soon after whatever is submitted: then writes
    /// and flushes wait for it. Set before the device is started. Default false.</summary>
    public bool IsHelped { get; set; }

    private bool IsSlow => Volatile.Read(ref _slowAt) is long at and not 0
        && Clock.GetElapsedTime(at) < SlowFor;

    /// <summary>Performs what waits for it in the calling thread, which is one and the same, or
    /// makes the thread of the device do it.</summary>
    /// <param name="mayPerform">Whether the caller may wait for the disk, if that is
    /// quick.</param>
    public void Help(bool mayPerform)
    {
        if (!TryTakeOver(mayPerform))
            return;

        while (TryNextQuick(out DiskJob? job))
        {
            long begun = Clock.GetTimestamp();
            Perform(job);
            NoteTime(begun);
            Return(job, goesOn: true);
        }
    }

    // Called within the lock. A job that is not alone waits behind others
    // whose bytes count too.
    private bool MayWait(DiskJob job)
    {
        _bytesWaiting = (_submitted.Count == 1 ? 0 : _bytesWaiting) + job.Bytes.Length;
        return IsHelped && IsQuick(job) && _bytesWaiting <= BytesMax;
    }

    private bool IsQuick(DiskJob job) =>
        job.Kind is DiskJobKind.Write or DiskJobKind.Flush && !IsSlow;

    // While the caller performs, the thread of the device does not, so that all is done in order.
    private bool TryTakeOver(bool mayPerform)
    {
        lock (_gate)
        {
            // Whoever performs goes on with what waits.
            if (_isPerforming || _submitted.Count == 0)
                return false;

            _isPerforming = mayPerform && !_isClosing && _bytesWaiting <= BytesMax;
            if (!_isPerforming)
                Monitor.PulseAll(_gate);
            return _isPerforming;
        }
    }

    private bool TryNextQuick([NotNullWhen(true)] out DiskJob? job)
    {
        lock (_gate)
        {
            if (_submitted.TryPeek(out job) && IsQuick(job))
            {
                _submitted.Dequeue();
                return true;
            }

            _isPerforming = false;
            if (_submitted.Count > 0 || _isDraining)
                Monitor.PulseAll(_gate);
            return false;
        }
    }

    private void NoteTime(long begun)
    {
        long now = Clock.GetTimestamp();
        if (Clock.GetElapsedTime(begun, now) >= SlowFrom)
            Volatile.Write(ref _slowAt, now);
    }
}
