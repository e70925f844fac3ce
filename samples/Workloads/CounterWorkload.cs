using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.Counter;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>Adds to a few counters, and reads them.</summary>
/// <param name="keys">How many keys, from 1.</param>
public sealed class CounterWorkload(int keys = 3) : Workload
{
    private const int LongKey = 700;

    /// <inheritdoc/>
    public override IKeyedMachine CreateMachine() => new Counter.Counter();

    /// <inheritdoc/>
    public override string Model => "counter";

    /// <inheritdoc/>
    public override WorkloadCall Draw(SeededRandom random, long number)
    {
        string key = KeyOf(random.Below(keys));
        return random.Chance(3, 10) ? Read(key) : Add(key, 1 + random.Below(3));
    }

    /// <inheritdoc/>
    public override Workload Over(int keys) => new CounterWorkload(keys);

    /// <inheritdoc/>
    public override IEnumerable<WorkloadCall> Last()
    {
        for (int key = 0; key < keys; key++)
            yield return Read(KeyOf(key));
    }

    // One key is long, so that records span several sectors of a disk.
    private string KeyOf(long number) =>
        number == keys - 1 ? $"c{number}".PadRight(LongKey, '.') : $"c{number}";

    private static WorkloadCall Add(string key, long amount) =>
        WorkloadCall.Command(("incr", key, amount), new Add(amount), static sum => sum);

    private static WorkloadCall Read(string key) => WorkloadCall.Query(
        ("get", key, HistoryValue.Null), new GetValue(), static value => value);
}
