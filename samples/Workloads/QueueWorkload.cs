using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.QueueWithLength;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>Puts values into a few queues, takes them, and asks for the lengths.</summary>
public sealed class QueueWorkload : Workload
{
    private const int Keys = 2;

    /// <inheritdoc/>
    public override IKeyedMachine CreateMachine() => new QueueWithLength.QueueWithLength();

    /// <inheritdoc/>
    public override string Model => "queue";

    /// <inheritdoc/>
    public override WorkloadCall Draw(SeededRandom random, long number)
    {
        string key = $"q{random.Below(Keys)}";
        return random.Below(5) switch
        {
            0 or 1 => Put(key, $"v{number}"),
            2 or 3 => Take(key),
            _ => Ask(key),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<WorkloadCall> Last()
    {
        for (int key = 0; key < Keys; key++)
            yield return Ask($"q{key}");
    }

    private static WorkloadCall Put(string key, string value) =>
        WorkloadCall.Command(("enq", key, value), new Enqueue(value), static length => length);

    private static WorkloadCall Take(string key) => WorkloadCall.Command(
        ("deq", key, HistoryValue.Null), new Dequeue(), static value => value);

    private static WorkloadCall Ask(string key) => WorkloadCall.Query(
        ("len", key, HistoryValue.Null), new Length(), static length => length);
}
