using Synod.Cli.Bench;
using Synod.Compare.Rivals;
using Synod.Compare.ZooKeeper;

namespace Synod.Compare;

/// <summary>Starts all that are compared and lets them take turns: what else the machine does, and
/// how its disk feels, all of them feel alike.</summary>
internal sealed class CompareRun(ComparePlan plan, Action<string> say)
{
    public async Task<Comparison> RunAsync(CancellationToken cancellation)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-compare-");
        List<IContender> contenders = [];
        try
        {
            await StartAsync(contenders, directory.FullName, cancellation);
            Comparison comparison = new(plan);
            if (plan.Settling > TimeSpan.Zero)
                await RunAsync(contenders, plan.Settling, static (_, _, _) => { }, cancellation);
            for (int round = 0; round < plan.Rounds; round++)
            {
                comparison.Add(await MachineFacts.MeasureAsync(
                    directory.FullName, ComparePlan.Nodes, cancellation));
                await RunAsync(contenders, plan.Window, comparison.Add, cancellation);

                // Nobody always follows the same one.
                contenders.Add(contenders[0]);
                contenders.RemoveAt(0);
            }

            return comparison;
        }
        finally
        {
            foreach (IContender contender in contenders)
                await contender.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }

    private async Task StartAsync(
        List<IContender> contenders, string directory, CancellationToken cancellation)
    {
        if (plan.Etcd is string program)
        {
            contenders.Add(await RivalContender<EtcdTarget>.StartAsync(
                EtcdProcess.StartAll(program, directory, ComparePlan.Nodes),
                EtcdTarget.ConnectAsync,
                cancellation));
        }

        if (plan.ZooKeeper is string library)
        {
            contenders.Add(await RivalContender<ZooKeeperTarget>.StartAsync(
                ZooKeeperProcess.StartAll(library, directory, ComparePlan.Nodes),
                ZooKeeperTarget.ConnectAsync,
                cancellation));
        }

        foreach (string protocol in plan.Protocols)
        {
            contenders.Add(await SynodContender.StartAsync(
                protocol, directory, ComparePlan.Nodes, cancellation));
        }

        say($"{string.Join(", ", contenders.Select(static one => one.Name))} are up");
    }

    private async Task RunAsync(
        List<IContender> contenders,
        TimeSpan window,
        Action<string, LoadKind, BenchRow> use,
        CancellationToken cancellation)
    {
        foreach (LoadKind load in Enum.GetValues<LoadKind>())
        {
            foreach (IContender contender in contenders)
            {
                BenchRow row = await contender.RunAsync(
                    plan.SizeOf(load),
                    plan.ShapeOf(load) with { Duration = window },
                    cancellation);
                use(contender.Name, load, row);
                say($"{load,-6} {contender.Name,-8} {row.OperationsPerSecond,9:F0} ops/s, p50 "
                    + $"{row.P50.TotalMicroseconds:F0} us, server CPU "
                    + $"{row.ServerCpuUsPerOperation:F1} us/op");
            }
        }
    }
}
