using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>Waits for other threads of this process and for nothing else.</summary>
internal sealed class EventWait : INewsWait
{
    private readonly object _gate = new();
    private bool _hasNews;

    /// <inheritdoc/>
    public void Wait(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (!_hasNews && timeout < TimeSpan.Zero)
                Monitor.Wait(_gate);
            else if (!_hasNews)
                Monitor.Wait(_gate, Milliseconds(timeout));
            _hasNews = false;
        }
    }

    /// <inheritdoc/>
    public void Wake()
    {
        lock (_gate)
        {
            _hasNews = true;
            Monitor.Pulse(_gate);
        }
    }

    private static int Milliseconds(TimeSpan time) =>
        (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue);
}
