using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.QueueWithLength;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>Puts values into a few queues, takes them, and asks for the lengths.</summary>
/// <param name="keys">How many keys, from 1.</param>
public sealed class QueueWorkload(int keys = 2) : Workload
{
    /// <inheritdoc/>
    public override IKeyedMachine CreateMachine() => new QueueWithLength.QueueWithLength();

    /// <inheritdoc/>
    public override string Model => "queue";

    /// <inheritdoc/>
    public override WorkloadCall Draw(SeededRandom random, long number)
    {
        string key = $"q{random.Below(keys)}";
        return random.Below(5) switch
        {
            0 or 1 => Put(key, $"v{number}"),
            2 or 3 => Take(key),
            _ => Ask(key),
        };
    }

    /// <inheritdoc/>
    public override Workload Over(int keys) => new QueueWorkload(keys);

    /// <inheritdoc/>
    public override IEnumerable<WorkloadCall> Last()
    {
        for (int key = 0; key < keys; key++)
            yield return Ask($"q{key}");
    }

    private static WorkloadCall Put(string key, string value) =>
        WorkloadCall.Command(("enq", key, value), new Enqueue(value), static length => length);

    private static WorkloadCall Take(string key) => WorkloadCall.Command(
        ("deq", key, HistoryValue.Null), new Dequeue(), static value => value);

    private static WorkloadCall Ask(string key) => WorkloadCall.Query(
        ("len", key, HistoryValue.Null), new Length(), static length => length);
}
