using Synod.Abstractions;
using Synod.Kernel;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>Reads one register and writes another one, or reads two, in one step each: on a whole
/// machine with footprints. Its history is checked over all registers together.</summary>
/// <param name="keys">How many registers, from 1.</param>
public sealed class TransactionWorkload(int keys = 4) : Workload
{
    private const string All = "all";

    /// <inheritdoc/>
    public override IWholeMachine CreateMachine() => new PairRegisters();

    /// <inheritdoc/>
    public override string Model => "txn";

    /// <inheritdoc/>
    public override WorkloadCall Draw(SeededRandom random, long number)
    {
        (string first, string second) = (KeyOf(random.Below(keys)), KeyOf(random.Below(keys)));
        return random.Chance(3, 10) ? Read(first, second) : Write(first, second, number);
    }

    /// <inheritdoc/>
    public override Workload Over(int keys) => new TransactionWorkload(keys);

    /// <inheritdoc/>
    public override IEnumerable<WorkloadCall> Last()
    {
        for (int key = 0; key < keys; key++)
            yield return Read(KeyOf(key), KeyOf((key + 1) % keys));
    }

    private static string KeyOf(long number) => $"x{number}";

    private static WorkloadCall Write(string from, string to, long value) => WorkloadCall.Command(
        ("txn", All, Steps(Step("r", from, HistoryValue.Null), Step("w", to, value))),
        new ReadAndWrite(from, to, value),
        before => Steps(Step("r", from, Maybe(before)), Step("w", to, value)));

    private static WorkloadCall Read(string first, string second) => WorkloadCall.Query(
        (
            "txn",
            All,
            Steps(Step("r", first, HistoryValue.Null), Step("r", second, HistoryValue.Null))),
        new ReadBoth(first, second),
        values => Steps(
            Step("r", first, Maybe(values.First)), Step("r", second, Maybe(values.Second))));

    private static HistoryValue Steps(HistoryValue first, HistoryValue second) =>
        HistoryValue.List(first, second);

    private static HistoryValue Step(string what, string key, HistoryValue value) =>
        HistoryValue.List(what, key, value);

    private static HistoryValue Maybe(long? value) => value is long some ? some : HistoryValue.Null;
}
