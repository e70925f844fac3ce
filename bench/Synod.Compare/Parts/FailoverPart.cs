using Synod.Cli.Demo;
using Synod.Kernel;

namespace Synod.Compare.Parts;

/// <summary>From the kill of a leader to the first success of a call that began after it.</summary>
internal sealed class FailoverPart(ComparePlan plan) : IPart
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<Target>> MeasureAsync(CancellationToken cancellation)
    {
        List<Target> targets = [];
        foreach (string protocol in plan.Protocols)
        {
            DemoReport report = await new DemoRun(PlanOf(protocol)).RunAsync(cancellation);
            targets.Add(Target.AtMost(
                $"{protocol}: failover after kill -9, median of {report.Kills}, ms",
                report.MedianKillGap?.TotalMilliseconds ?? double.NaN,
                150));
        }

        return targets;
    }

    private static DemoPlan PlanOf(string protocol) => new()
    {
        Protocol = protocol,
        Nodes = ComparePlan.Nodes,
        Clients = 8,
        Keys = 8,
        Duration = Duration,
        Faults = new HashSet<string> { "kill" },
        Durability = Durability.Fsync,
        IsQuiet = true,
    };
}
