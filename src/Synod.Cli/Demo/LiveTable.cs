using System.Globalization;
using Spectre.Console;
using Synod.Cli.Processes;
using Synod.Runtime;

namespace Synod.Cli.Demo;

/// <summary>Shows a run while it goes on.</summary>
internal static class LiveTable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task ShowAsync(
        ProcessCluster cluster, RunHistory history, CancellationToken stop)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
            return;

        await AnsiConsole.Live(new Table()).StartAsync(async live =>
        {
            using PeriodicTimer timer = new(Interval);
            try
            {
                while (await timer.WaitForNextTickAsync(stop))
                    live.UpdateTarget(await DrawAsync(cluster, history, stop));
            }
            catch (OperationCanceledException)
            {
                // The run is over; the last picture stays.
            }
        });
    }

    private static async Task<Table> DrawAsync(
        ProcessCluster cluster, RunHistory history, CancellationToken stop)
    {
        ReplicaStatus?[] statuses = await cluster.AskAllAsync(stop);
        CultureInfo culture = CultureInfo.InvariantCulture;
        Table table = new()
        {
            Caption = new TableTitle(string.Create(
                culture,
                $"{history.Now / 1_000_000.0:F1} s, {history.Acknowledged} acknowledged")),
        };
        table.AddColumns("node", "role", "term", "committed", "applied");
        for (int node = 0; node < statuses.Length; node++)
        {
            if (statuses[node] is ReplicaStatus status)
            {
                table.AddRow(
                    status.Node.ToString(),
                    status.Role.ToString(),
                    status.Term.ToString(culture),
                    status.Committed.ToString(culture),
                    status.Applied.ToString(culture));
            }
            else
            {
                table.AddRow($"n{node + 1}", "silent", "", "", "");
            }
        }

        return table;
    }
}
