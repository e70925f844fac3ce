using System.Diagnostics;
using Synod.TestKit;

namespace Synod.Cli.Demo;

/// <summary>All operations of a run, on one clock. Safe for use from several threads.</summary>
internal sealed class RunHistory
{
    public const string Increment = "incr";
    public const string Read = "get";

    private readonly Lock _gate = new();
    private readonly List<Operation> _entries = [];
    private readonly long _origin = Stopwatch.GetTimestamp();
    private readonly List<(string Key, long After, TaskCompletionSource<long> Waiting)> _waiting =
        [];

    private int _processes;

    /// <summary>The time, in microseconds since the run began.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(_origin).TotalMicroseconds;

    public int NewProcess() => Interlocked.Increment(ref _processes);

    public IReadOnlyList<Operation> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    /// <summary>How many increments were acknowledged so far.</summary>
    public long Acknowledged { get; private set; }

    public void Add(Operation entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            if (entry is not { Type: OperationType.Ok, Return: long ret })
                return;

            Acknowledged += entry.F == Increment ? 1 : 0;
            _waiting.RemoveAll(waiting => waiting.Key == entry.Key
                && waiting.After <= entry.Call
                && waiting.Waiting.TrySetResult(ret));
        }
    }

    /// <summary>When the first operation on a key that began at or after the time
    /// succeeded.</summary>
    public Task<long> FirstSuccessBegunAfter(string key, long time)
    {
        TaskCompletionSource<long> waiting =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waiting.Add((key, time, waiting));
        return waiting.Task;
    }

    /// <summary>All so far, as a history of a counter.</summary>
    public History ToHistory(string protocol) => new("counter", Entries) { Protocol = protocol };
}
