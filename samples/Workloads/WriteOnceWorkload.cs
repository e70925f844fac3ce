using System.Text;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>Puts values into a few write-once keys, reads them, and ends their lives, so that they
/// are chosen anew.</summary>
public sealed class WriteOnceWorkload : Workload
{
    private const int Keys = 4;

    /// <inheritdoc/>
    public override IKeyedMachine CreateMachine() => new WriteOnce();

    /// <inheritdoc/>
    public override string Model => "once";

    /// <inheritdoc/>
    public override WorkloadCall Draw(SeededRandom random, long number)
    {
        string key = $"o{random.Below(Keys)}";
        return random.Below(10) switch
        {
            0 or 1 or 2 or 3 => Put(key, $"v{number}"),
            4 or 5 or 6 or 7 => Read(key),
            _ => End(key),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<WorkloadCall> Last()
    {
        for (int key = 0; key < Keys; key++)
            yield return Read($"o{key}");
    }

    private static WorkloadCall Put(string key, string value) => WorkloadCall.Command(
        ("put", key, value), new PutOnce(Encoding.UTF8.GetBytes(value)), ToValue);

    private static WorkloadCall End(string key) => WorkloadCall.Command(
        ("erase", key, HistoryValue.Null), new EndKey(null), static _ => HistoryValue.Null);

    private static WorkloadCall Read(string key) =>
        WorkloadCall.Query(("get", key, HistoryValue.Null), new GetOnce(), ToValue);

    private static HistoryValue ToValue(WriteOnceEntry entry) =>
        entry.IsLive ? Encoding.UTF8.GetString(entry.Value.Span) : HistoryValue.Null;
}
