using System.Globalization;
using Synod.Cli.Processes;
using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary>One bench from start to report: one cluster of node processes after the
/// other.</summary>
internal sealed class BenchRun(BenchPlan plan)
{
    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        List<BenchResult> results = [];
        foreach (BenchSetting setting in plan.Clusters())
        {
            DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-bench-");
            try
            {
                await RunAsync(setting, directory.FullName, results, cancellation);
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }

        return new BenchReport(plan, results);
    }

    private async Task RunAsync(
        BenchSetting setting,
        string directory,
        List<BenchResult> results,
        CancellationToken cancellation)
    {
        MachineFacts machine =
            await MachineFacts.MeasureAsync(directory, setting.Nodes, cancellation);
        using ProcessCluster cluster = new(
            directory,
            setting.Nodes,
            "--protocol", setting.Protocol,
            "--machine", "register",
            "--groups", setting.Groups.ToString(CultureInfo.InvariantCulture),
            "--durability", DurabilityText.NameOf(plan.Durability))
        {
            KeysHaveHomes = setting.Protocol == "register",
        };
        await cluster.StartAsync(cancellation);
        foreach ((BenchSetting own, LoadShape shape) in plan.RowsOf(setting))
        {
            await using SynodTarget target = new(cluster, SizeOf(own, shape));
            BenchRow row = await Load.RunAsync(target, shape, cancellation);
            results.Add(new BenchResult(own, machine, row));
        }
    }

    private TargetSize SizeOf(BenchSetting setting, LoadShape shape) => new()
    {
        Clients = shape.Clients,
        Connections = Math.Min(plan.Connections, shape.Clients),
        PayloadBytes = setting.PayloadBytes,
        Keys = plan.Keys == 0 ? shape.Clients : plan.Keys,
        Groups = Math.Min(setting.Groups, shape.Clients),
    };
}
