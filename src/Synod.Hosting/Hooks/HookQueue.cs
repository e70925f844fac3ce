using Microsoft.Extensions.Logging;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>Stands between a replica and the hook of its user: what is to be told waits here,
/// bounded in bytes, for a thread of its own. Whatever the hook does, the group does not
/// notice.</summary>
internal sealed class HookQueue : IGroupHook, IDisposable
{
    // What an event takes beside the bytes that it carries.
    private const int EventBytes = 256;
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private readonly Queue<(Action<ILeaderHook> Tell, int Bytes)> _waiting = [];
    private readonly GroupId _group;
    private readonly ILeaderHook _hook;
    private readonly HookEvents _events;
    private readonly ILogger _logger;
    private readonly int _bytesMax;
    private readonly Thread _thread;
    private long _bytes;
    private long _dropped;
    private long _failed;
    private bool _isFull;
    private bool _isStopping;

    public HookQueue(GroupId group, ILeaderHook hook, IMachine machine, HookSettings settings)
    {
        _group = group;
        _hook = hook;
        _events = new HookEvents(group, machine as IMachineReader);
        _logger = settings.Logger;
        _bytesMax = settings.QueueBytesMax;
        _thread = new Thread(Run) { Name = "synod hooks", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What was not told, for lack of room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The calls that ended with an exception.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>The bytes that wait to be told.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Committed(
        in Envelope command, ReadOnlySpan<byte> result, bool isRefused, bool isRestored)
    {
        int bytes = command.Key.Length + command.Command.Length + result.Length;
        if (TryReserve(ref bytes))
            Add(_events.Committed(command, result, isRefused, isRestored), bytes);
    }

    public void Answered(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer, bool isRefused)
    {
        int bytes = query.Length + answer.Length;
        if (TryReserve(ref bytes))
            Add(_events.Answered(query, answer, isRefused), bytes);
    }

    public void Elected(EpochId epoch, long term)
    {
        LeaderTerm elected = new(_group, epoch, term);
        int bytes = 0;
        if (TryReserve(ref bytes))
            Add(hook => hook.Elected(elected), bytes);
    }

    public void Restored(EpochId epoch, long term)
    {
        LeaderTerm restored = new(_group, epoch, term);
        int bytes = 0;
        if (TryReserve(ref bytes))
            Add(hook => hook.Restored(restored), bytes);
    }

    /// <summary>Tells nothing more. A call that is under way is waited for, but not for
    /// long.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join(StopPatience);
    }

    // An empty queue takes any one event.
    private bool TryReserve(ref int bytes)
    {
        bytes += EventBytes;
        lock (_gate)
        {
            if (_isStopping)
                return false;
            if (_bytes == 0 || _bytes + bytes <= _bytesMax)
            {
                _bytes += bytes;
                return true;
            }

            _dropped++;
            if (_isFull)
                return false;
            _isFull = true;
        }

        _logger.HookFull(_group, _bytesMax);
        return false;
    }

    private void Add(Action<ILeaderHook> tell, int bytes)
    {
        lock (_gate)
        {
            _waiting.Enqueue((tell, bytes));
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        while (TryTake(out Action<ILeaderHook>? tell, out int bytes))
        {
            try
            {
                tell?.Invoke(_hook);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Interlocked.Increment(ref _failed);
                _logger.HookFailed(failure, _group);
            }

            lock (_gate)
            {
                _bytes -= bytes;
                _isFull &= _bytes > 0;
            }
        }
    }

    private bool TryTake(out Action<ILeaderHook>? tell, out int bytes)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isStopping)
                Monitor.Wait(_gate);
            (tell, bytes) = _isStopping ? default : _waiting.Dequeue();
            return !_isStopping;
        }
    }
}
