using Synod.TestKit;

namespace Synod.Simulation;

/// <summary>All operations of all clients in a run.</summary>
internal sealed class Tally(World world)
{
    private readonly List<Operation> _operations = [];
    private int _processes;
    private long _calls;

    /// <summary>All operations that have ended.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>How many of them succeeded.</summary>
    public long Succeeded { get; private set; }

    /// <summary>The number of a call that was not made yet.</summary>
    public long NewCall() => ++_calls;

    /// <summary>The number of a process that has done nothing yet.</summary>
    public int NewProcess() => ++_processes;

    /// <summary>A call has ended.</summary>
    public void Add(Operation operation)
    {
        _operations.Add(operation);
        Succeeded += operation.Type == OperationType.Ok ? 1 : 0;
        world.Trace.Note(
            TraceKind.Returned,
            default,
            operation.Process,
            world.Trace.HasWords ? $"{operation}" : "");
    }
}
