using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Synod.Cli.Demo;

/// <summary>All operations of a run, on one clock. Safe for use from several threads.</summary>
internal sealed class History
{
    private readonly Lock _gate = new();
    private readonly List<HistoryEntry> _entries = [];
    private readonly long _origin = Stopwatch.GetTimestamp();
    private readonly List<(long After, TaskCompletionSource<long> Waiting)> _waiting = [];
    private int _processes;

    /// <summary>The time, in microseconds since the run began.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(_origin).TotalMicroseconds;

    public int NewProcess() => Interlocked.Increment(ref _processes);

    public IReadOnlyList<HistoryEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    /// <summary>How many increments were acknowledged so far.</summary>
    public long Acknowledged { get; private set; }

    public void Add(HistoryEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            if (!entry.IsOk || entry.Ret is not long ret)
                return;

            Acknowledged += entry.IsIncrement ? 1 : 0;
            _waiting.RemoveAll(waiting =>
                waiting.After <= entry.Call && waiting.Waiting.TrySetResult(ret));
        }
    }

    /// <summary>When the first operation that began at or after the time succeeded.</summary>
    public Task<long> FirstSuccessBegunAfter(long time)
    {
        TaskCompletionSource<long> waiting =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waiting.Add((time, waiting));
        return waiting.Task;
    }

    public async Task WriteAsync(TextWriter writer, string protocol)
    {
        await writer.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"history":"synod-history/1","model":"counter","protocol":"{{protocol}}"}"""));
        foreach (HistoryEntry entry in Entries)
        {
            string line = JsonSerializer.Serialize(entry, HistoryJson.Default.HistoryEntry);
            await writer.WriteLineAsync(line);
        }
    }
}
