using System.Globalization;
using Synod.Cli.Processes;

namespace Synod.Compare.Parts;

/// <summary>What groups cost in which nothing happens: processor time of all nodes, and memory
/// beyond that of nodes with one group.</summary>
internal sealed class IdlePart : IPart
{
    private const int Groups = 10_000;

    // Groups are calm when all of them together take less than this part of one processor, and go
    // on to: a node tidies up when nothing has happened for some seconds.
    private const double Calm = 0.1;
    private const int CalmLooks = 4;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CalmTimeout = TimeSpan.FromMinutes(2);

    public async Task<IReadOnlyList<Target>> MeasureAsync(CancellationToken cancellation)
    {
        (_, long bytesOfOne) = await RunAsync(1, cancellation);
        (double cpu, long bytes) = await RunAsync(Groups, cancellation);
        double perGroup = (double)(bytes - bytesOfOne) / (Groups - 1) / ComparePlan.Nodes;
        string what = $"{Groups} idle groups on {ComparePlan.Nodes} nodes";
        return
        [
            Target.AtMost($"{what}: part of one processor, all nodes", cpu, 0.02),
            Target.AtMost($"{what}: bytes each on a node", perGroup, 4096),
        ];
    }

    private static async Task<(double Cpu, long Bytes)> RunAsync(
        int groups, CancellationToken cancellation)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-compare-");
        try
        {
            using ProcessCluster cluster = new(
                directory.FullName,
                ComparePlan.Nodes,
                "--groups", groups.ToString(CultureInfo.InvariantCulture));
            await cluster.StartAsync(cancellation);
            using CancellationTokenSource timeout =
                CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timeout.CancelAfter(CalmTimeout);
            int calm = 0;
            while (calm < CalmLooks)
                calm = await CpuAsync(cluster, Look, timeout.Token) < Calm ? calm + 1 : 0;

            double cpu = await CpuAsync(cluster, Window, cancellation);
            return (cpu, (await cluster.UsageAsync(cancellation)).WorkingSetBytes);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<double> CpuAsync(
        ProcessCluster cluster, TimeSpan time, CancellationToken cancellation)
    {
        NodeUsage before = await cluster.UsageAsync(cancellation);
        await Task.Delay(time, cancellation);
        NodeUsage used = await cluster.UsageAsync(cancellation) - before;
        return used.Cpu / time;
    }
}
