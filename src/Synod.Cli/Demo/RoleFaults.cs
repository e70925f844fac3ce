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

    // Where the protocol has no leader all are members.
    private readonly string[] _who = plan.HasLeader ? ["leader", "follower"] : ["member"];

    private readonly Dictionary<(NodePart Part, string Who), int> _kills = [];

    /// <summary>How many parts were crashed.</summary>
    public int Kills => _kills.Values.Sum();

    private TimeSpan Elapsed => TimeSpan.FromMicroseconds(history.Now);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Every);
        int ofLeaders = 0;
        int ofNodes = 0;
        bool wasLeaders = false;
        while (Elapsed + Calm < plan.Duration)
        {
            await timer.WaitForNextTickAsync(cancellation);
            if (Elapsed < Calm)
                continue;

            // Each node in turn, and each part of it in turn; in between who leads. By turns alone
            // it may be that each machine is crashed while nobody leads.
            NodeProcess? leader = await cluster.FindLeaderAsync(cancellation);
            (NodeProcess node, int turn) = leader is not null && !wasLeaders
                ? (leader, ofLeaders++)
                : (cluster.Nodes[ofNodes % plan.Nodes], ofNodes++ / plan.Nodes);
            wasLeaders = leader is not null && !wasLeaders;
            NodePart part = turn % 2 == 0 ? NodePart.Replica : NodePart.Machine;
            if (await node.CrashAsync(part, cancellation))
                Count(part, node == leader ? _who[0] : _who[^1]);
        }
    }

    /// <summary>How often which part of whom was crashed.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("roles");
        foreach ((NodePart part, string who, int kills) in All())
            json.WriteNumber($"{who}{part}", kills);
        json.WriteEndObject();
    }

    /// <summary>The same for people.</summary>
    public string ToText() =>
        $"{Kills} parts crashed alone: " + string.Join(", ", All().Select(static kills =>
            $"{kills.Count} times the {kills.Who}'s {kills.Part.ToString().ToLowerInvariant()}"))
        + ".";

    private void Count(NodePart part, string who) =>
        _kills[(part, who)] = _kills.GetValueOrDefault((part, who)) + 1;

    private IEnumerable<(NodePart Part, string Who, int Count)> All() =>
        from part in (NodePart[])[NodePart.Replica, NodePart.Machine]
        from who in _who
        select (part, who, _kills.GetValueOrDefault((part, who)));
}
