using Synod.Compare.Memory;

namespace Synod.Compare.Parts;

/// <summary>What replication costs where nothing is flushed and nothing leaves the
/// process.</summary>
internal sealed class MemoryPart(ComparePlan plan) : IPart
{
    // As many as others have who tell of such a number.
    private const int Clients = 4096;

    // All of it is to be compiled for speed.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    public Task<IReadOnlyList<Target>> MeasureAsync(CancellationToken cancellation) => Task.Run(
        () => (IReadOnlyList<Target>)[.. plan.Protocols
            .Where(static protocol => protocol is "raft" or "paxos")
            .SelectMany(Measure)],
        cancellation);

    private IEnumerable<Target> Measure(string protocol)
    {
        MemoryRow row =
            new MemoryRun(protocol, Clients, plan.PayloadBytes).Run(WarmUp, plan.Window);
        string what = $"{protocol}, three replicas in one process in memory";
        return
        [
            Target.AtLeast($"{what}: commands/s", row.CommandsPerSecond, 500_000),
            Target.AtMost($"{what}: CPU us per command", row.CpuUsPerCommand, 2),
            Target.AtMost(
                $"{what}: bytes allocated per command", row.AllocatedBytesPerCommand, 64),
        ];
    }
}
