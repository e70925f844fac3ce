using System.Text.Json;
using Synod.Cli.Processes;
using Synod.Hosting;

namespace Synod.Cli.Demo;

/// <summary>Crashes one part of one node after the other, up to ten in a second, while the
/// processes go on.</summary>
internal sealed class RoleFaults(DemoPlan plan, ProcessCluster cluster, RunHistory history)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(500);

    private readonly SortedDictionary<(NodePart Part, bool IsLeader), int> _kills = new()
    {
        [(NodePart.Replica, true)] = 0,
        [(NodePart.Replica, false)] = 0,
        [(NodePart.Machine, true)] = 0,
        [(NodePart.Machine, false)] = 0,
    };

    /// <summary>How many parts were crashed.</summary>
    public int Kills => _kills.Values.Sum();

    private TimeSpan Elapsed => TimeSpan.FromMicroseconds(history.Now);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Every);
        for (int kill = 0; Elapsed + Calm < plan.Duration; kill++)
        {
            await timer.WaitForNextTickAsync(cancellation);
            if (Elapsed < Calm)
                continue;

            // Each node in turn, and each part of it in turn.
            NodeProcess node = cluster.Nodes[kill % plan.Nodes];
            NodePart part = (kill / plan.Nodes % 2) == 0 ? NodePart.Replica : NodePart.Machine;
            NodeProcess? leader = await cluster.FindLeaderAsync(cancellation);
            if (await node.CrashAsync(part, cancellation))
                _kills[(part, node == leader)]++;
        }
    }

    /// <summary>How often which part of a leader, or of another, was crashed.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("roles");
        foreach (((NodePart part, bool isLeader), int kills) in _kills)
            json.WriteNumber($"{(isLeader ? "leader" : "follower")}{part}", kills);
        json.WriteEndObject();
    }

    /// <summary>The same for people.</summary>
    public string ToText() =>
        $"{Kills} parts crashed alone: " + string.Join(", ", _kills.Select(static kills =>
            $"{kills.Value} times the {(kills.Key.IsLeader ? "leader" : "follower")}'s "
            + $"{kills.Key.Part.ToString().ToLowerInvariant()}")) + ".";
}
