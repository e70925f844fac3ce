using Synod.Cli.Processes;
using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary>One bench from start to report: a cluster of node processes for all rows.</summary>
internal sealed class BenchRun(BenchPlan plan)
{
    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-bench-");
        try
        {
            MachineFacts machine = await MachineFacts.MeasureAsync(
                directory.FullName, plan.Nodes, cancellation);
            using ProcessCluster cluster = new(
                directory.FullName,
                plan.Nodes,
                "--protocol", plan.Protocol,
                "--machine", "register",
                "--durability", DurabilityText.NameOf(plan.Durability));
            await cluster.StartAsync(cancellation);
            List<BenchRow> rows = [];
            foreach (int clients in plan.Clients)
                rows.Add(await new BenchLoad(plan, clients).RunAsync(cluster, cancellation));
            return new BenchReport(plan, machine, rows);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
