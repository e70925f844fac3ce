using Synod.Cli.Bench;
using Synod.Cli.Processes;

namespace Synod.Compare.Parts;

/// <summary>Calls at ten times the rate that the cluster can answer: what it answers all the same,
/// whether the rest is refused by type, and what is left of it afterwards. Its machine takes its
/// time with each command: otherwise clients on the same processors could never call so much faster
/// than it answers.</summary>
internal sealed class OverloadPart(ComparePlan plan) : IPart
{
    private const int Times = 10;
    private const string WorkMicroseconds = "1000";

    // The peak is that of code that was compiled for speed, and queues need time to fill.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(6);

    public async Task<IReadOnlyList<Target>> MeasureAsync(CancellationToken cancellation)
    {
        List<Target> targets = [];
        foreach (string protocol in plan.Protocols)
            targets.AddRange(await MeasureAsync(protocol, cancellation));
        return targets;
    }

    private async Task<IReadOnlyList<Target>> MeasureAsync(
        string protocol, CancellationToken cancellation)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-compare-");
        try
        {
            using ProcessCluster cluster = new(
                directory.FullName,
                ComparePlan.Nodes,
                "--protocol", protocol,
                "--machine", "register",
                "--work", WorkMicroseconds);
            await cluster.StartAsync(cancellation);
            return await MeasureAsync(protocol, cluster, cancellation);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyList<Target>> MeasureAsync(
        string protocol, ProcessCluster cluster, CancellationToken cancellation)
    {
        // As many more clients, each with a key of its own: on one key calls wait for each other.
        TargetSize size = plan.SizeOf(LoadKind.Puts);
        size = size with { Clients = Times * size.Clients, Keys = Times * size.Keys };
        await using SynodTarget target = new(cluster, size);
        LoadShape closed =
            plan.ShapeOf(LoadKind.Puts) with { WarmUp = WarmUp, Duration = Window };
        BenchRow peak = await Load.RunAsync(target, closed, cancellation);
        LoadShape open = closed with
        {
            Clients = size.Clients,
            Rate = Times * peak.OperationsPerSecond,
            WarmUp = plan.WarmUp,
        };
        BenchRow over = await Load.RunAsync(target, open, cancellation);
        BenchRow after = await Load.RunAsync(
            target, closed with { WarmUp = TimeSpan.Zero }, cancellation);
        string what = $"{protocol} at {Times} times its capacity";
        return
        [
            Target.AtLeast(
                $"{what}: answers/s, of the peak",
                over.OperationsPerSecond / peak.OperationsPerSecond,
                0.8),
            Target.AtLeast($"{what}: refused as overloaded", over.Counts.Overloaded, 1),
            Target.AtMost($"{what}: ended otherwise", over.Counts.Failed, 0),
            Target.AtMost(
                $"{what}: memory of all nodes, of that at the peak",
                (double)over.Servers.WorkingSetBytes / peak.Servers.WorkingSetBytes,
                2),
            Target.AtLeast(
                $"{what}: answers/s right afterwards, of the peak",
                after.OperationsPerSecond / peak.OperationsPerSecond,
                0.8),
        ];
    }
}
