using Synod.TestKit;

namespace Synod.Adapters.Tests.Conformance;

/// <summary>Notes what clients did, and when. Safe for use from several threads.</summary>
internal sealed class Notebook
{
    private const string Key = "k";

    private readonly List<Operation> _operations = [];
    private int _processes;

    /// <summary>All that was noted.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>The number of a client that has done nothing yet.</summary>
    public int NewProcess() => Interlocked.Increment(ref _processes);

    /// <summary>Notes a call on the one key.</summary>
    public async Task NoteAsync(
        (int Process, string F, HistoryValue Value) what, Func<Task<long>> call)
    {
        long begun = TimeProvider.System.GetTimestamp();
        long result = await call();
        long ended = TimeProvider.System.GetTimestamp();
        Operation operation = new(
            what.Process, what.F, Key, what.Value, begun, ended, OperationType.Ok, result);
        lock (_operations)
            _operations.Add(operation);
    }
}
