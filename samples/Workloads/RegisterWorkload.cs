using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.Register;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>Writes, compares and sets, removes and reads a few registers of few values.</summary>
/// <param name="keys">How many keys, from 1.</param>
public sealed class RegisterWorkload(int keys = 4) : Workload
{
    private const int Values = 5;

    /// <inheritdoc/>
    public override IKeyedMachine CreateMachine() => new Register.Register();

    /// <inheritdoc/>
    public override string Model => "kv";

    /// <inheritdoc/>
    public override WorkloadCall Draw(SeededRandom random, long number)
    {
        string key = $"r{random.Below(keys)}";
        return random.Below(10) switch
        {
            0 or 1 or 2 => Write(key, ValueOf(random)),
            3 or 4 or 5 => Read(key),
            6 or 7 => Swap(key, ValueOf(random), ValueOf(random)),
            8 => Create(key, ValueOf(random)),
            _ => Remove(key),
        };
    }

    /// <inheritdoc/>
    public override Workload Over(int keys) => new RegisterWorkload(keys);

    /// <inheritdoc/>
    public override IEnumerable<WorkloadCall> Last()
    {
        for (int key = 0; key < keys; key++)
            yield return Read($"r{key}");
    }

    private static string ValueOf(SeededRandom random) => $"v{random.Below(Values)}";

    private static WorkloadCall Write(string key, string value) => WorkloadCall.Command(
        ("put", key, value), new Put(value), static _ => HistoryValue.Null);

    private static WorkloadCall Swap(string key, string from, string to) => WorkloadCall.Command(
        ("cas", key, HistoryValue.List(from, to)),
        new CompareAndSet(from, to),
        static done => done);

    private static WorkloadCall Create(string key, string value) =>
        WorkloadCall.Command(("add", key, value), new AddIfAbsent(value), static done => done);

    private static WorkloadCall Remove(string key) => WorkloadCall.Command(
        ("delete", key, HistoryValue.Null), new Delete(), static done => done);

    private static WorkloadCall Read(string key) => WorkloadCall.Query(
        ("get", key, HistoryValue.Null), new ReadValue(), static value => value);
}
