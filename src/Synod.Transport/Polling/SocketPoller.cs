using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Synod.Abstractions;

namespace Synod.Transport;

/// <summary>Lets the thread that works off what arrives wait for the sockets itself: what has
/// arrived is read by it when it has nothing else to do, and passes through no other thread on its
/// way. Exists on Linux only. Whoever hands it to a transport must wait here again and again, or
/// nothing is read.</summary>
public sealed class SocketPoller : INewsWait, IDisposable
{
    private const int EventsMax = 128;
    private const long Counter = 0;

    private readonly SafeFileHandle _set;
    private readonly SafeFileHandle _counter;
    private readonly ConcurrentDictionary<long, AcceptedStream> _streams = [];
    private readonly ConcurrentQueue<AcceptedStream> _postponed = [];
    private readonly byte[] _events = new byte[EventsMax * Epoll.EventBytes];
    private readonly Lock _polling = new();
    private long _last = Counter;
    private int _hasNews;
    private int _isAsleep;

    private SocketPoller(SafeFileHandle set, SafeFileHandle counter)
    {
        _set = set;
        _counter = counter;
    }

    /// <summary>A poller without sockets, or null where the system does not offer it.</summary>
    public static SocketPoller? TryCreate()
    {
        if (!OperatingSystem.IsLinux())
            return null;

        SafeFileHandle set = Epoll.Create();
        SafeFileHandle counter = Epoll.CreateCounter();
        bool isGood = !set.IsInvalid && !counter.IsInvalid && Epoll.TryAdd(set, counter, Counter);
        if (isGood)
            return new SocketPoller(set, counter);

        set.Dispose();
        counter.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan timeout)
    {
        // Where processors are busy, others send meanwhile what is then read at once: a turn has
        // more to do, and there are fewer of them. Where one is idle it costs a fraction of a
        // microsecond.
        Thread.Yield();
        lock (_polling)
        {
            // Whoever wakes sets the one and then looks at the other, here it is the other way
            // round: so one of the two sees what the other has done.
            Interlocked.Exchange(ref _isAsleep, 1);
            bool isBusy = Volatile.Read(ref _hasNews) != 0 || !_postponed.IsEmpty;
            Poll(isBusy ? 0 : Milliseconds(timeout));
        }

        // What is noted from here on is not seen by the turn that comes now, or only perhaps.
        Interlocked.Exchange(ref _hasNews, 0);
    }

    /// <inheritdoc/>
    public void Wake()
    {
        Interlocked.Exchange(ref _hasNews, 1);
        if (Interlocked.Exchange(ref _isAsleep, 0) != 0)
            Epoll.Count(_counter);
    }

    /// <summary>Reads what has arrived, unless a thread waits here and does so anyway: for times
    /// when that thread has something long to do. Safe for use from any thread.</summary>
    public void Help()
    {
        if (!_polling.TryEnter())
            return;

        try
        {
            Poll(0);
        }
        finally
        {
            _polling.Exit();
        }
    }

    /// <summary>After the last wait and the last connection.</summary>
    public void Dispose()
    {
        _set.Dispose();
        _counter.Dispose();
    }

    /// <summary>Watches a stream from now on. Zero: the system has no room for one more.</summary>
    internal long Add(AcceptedStream stream)
    {
        long number = Interlocked.Increment(ref _last);
        _streams.TryAdd(number, stream);
        if (Epoll.TryAdd(_set, stream.Handle, number))
            return number;

        Remove(number);
        return 0;
    }

    /// <summary>Forgets a stream, which is about to be closed: the system then forgets it too.
    /// </summary>
    internal void Remove(long number) => _streams.TryRemove(number, out _);

    /// <summary>Lets others come first: the stream goes on in the next round.</summary>
    internal void Postpone(AcceptedStream stream)
    {
        _postponed.Enqueue(stream);
        Wake();
    }

    private static int Milliseconds(TimeSpan timeout) => timeout < TimeSpan.Zero
        ? -1
        : (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue);

    private void Poll(int milliseconds)
    {
        int postponed = _postponed.Count;
        int count = Epoll.Wait(_set, _events, milliseconds);
        Interlocked.Exchange(ref _isAsleep, 0);
        for (int index = 0; index < count; index++)
        {
            (bool isEnding, long number) = Epoll.At(_events, index);
            if (_streams.TryGetValue(number, out AcceptedStream? stream))
                stream.Happened(isEnding);
        }

        for (; postponed > 0 && _postponed.TryDequeue(out AcceptedStream? stream); postponed--)
            stream.Resume();
    }
}
