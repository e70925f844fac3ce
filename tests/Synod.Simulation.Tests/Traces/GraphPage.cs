using System.Text.Json;
using Synod.Samples.Workloads;

namespace Synod.Simulation.Tests;

/// <summary>A run of EPaxos on one key without faults, its page, and what the data in it
/// says.</summary>
internal sealed class GraphPage
{
    private readonly string _kinds;
    private readonly string _nodes;
    private readonly string[] _touches;

    private GraphPage(SimulationReport report, string html)
    {
        Report = report;
        Html = html;
        string data = html.Split("id=\"run\">")[1].Split("</script>")[0];
        using JsonDocument json = JsonDocument.Parse(data);
        _kinds = json.RootElement.GetProperty("kinds").GetString() ?? "";
        _nodes = json.RootElement.GetProperty("where").GetString() ?? "";
        if (!json.RootElement.TryGetProperty("graph", out JsonElement graph))
        {
            _touches = [];
            return;
        }

        _touches = [.. graph.GetProperty("touches").EnumerateArray()
            .Select(static touch => $"{touch[0]} {touch[1]}")];
        Instances = [.. graph.GetProperty("instances").EnumerateArray().Select(Read)];
        Cycles = [.. graph.GetProperty("cycles").EnumerateArray()
            .Select(static cycle => Numbers(cycle))];
    }

    public SimulationReport Report { get; }

    public string Html { get; }

    public IReadOnlyList<GraphNode> Instances { get; } = [];

    public IReadOnlyList<int[]> Cycles { get; } = [];

    public static GraphPage Of(string protocol, ulong seed)
    {
        SimulationOptions options = Setup.Options(protocol, seconds: 1) with
        {
            Workload = new CounterWorkload(keys: 1),
            VariesKnobs = false,
            Faults = FaultClasses.None,
            Clients = 4,
            CallsPerClient = 3,
            ThinkTime = TimeSpan.FromMilliseconds(20),
        };
        ReplayPage page = new();
        SimulationReport report = Simulator.Run(options, seed, page);
        return new GraphPage(report, page.ToHtml(report));
    }

    /// <summary>What an instance does to which key, as in <c>w c0</c>.</summary>
    public IEnumerable<string> Touched(GraphNode instance) =>
        instance.Touches.Select(touch => _touches[touch]);

    /// <summary>At which node an event is.</summary>
    public int NodeOf(int place) => _nodes[place] - '0';

    /// <summary>The commands in the order in which a node has executed them in its first life: at
    /// the end of a run all machines read back what they had.</summary>
    public IReadOnlyList<string> Order(int node)
    {
        int[] lives = [.. Enumerable.Range(0, _kinds.Length)
            .Where(place => _kinds[place] == 'a' + (int)TraceKind.Began && NodeOf(place) == node)];
        return
        [
            .. from instance in Instances
               from executed in instance.Executed
               where NodeOf(executed.Event) == node && executed.Event < lives[1]
               where !executed.IsVain
               orderby executed.Event
               select instance.Id,
        ];
    }

    /// <summary>The edges, one by one.</summary>
    public bool DependsOn(GraphNode from, GraphNode to) =>
        from != to && from.Decided is not null && to.Decided is not null && to.Holds != "NoOp"
        && to.Owner < from.Decided.Count && to.Slot <= from.Decided[to.Owner]
        && (Touched(from).Any(static touch => touch[0] == 'w')
            || Touched(to).Any(static touch => touch[0] == 'w'));

    private static int[] Numbers(JsonElement list) =>
        [.. list.EnumerateArray().Select(static number => number.GetInt32())];

    private static GraphNode Read(JsonElement instance)
    {
        JsonElement[] records = [.. instance.GetProperty("records").EnumerateArray()];
        JsonElement[] executed = [.. instance.GetProperty("executed").EnumerateArray()];
        JsonElement[] covers = [.. instance.GetProperty("covers").EnumerateArray()];
        int? decided = records.Chunk(4)
            .FirstOrDefault(static record => record[1].GetInt32() == 3)?[2].GetInt32();
        return new GraphNode(
            instance.GetProperty("owner").GetInt32(),
            instance.GetProperty("slot").GetInt64(),
            instance.GetProperty("holds").GetString() ?? "",
            Numbers(instance.GetProperty("touches")),
            decided is int place
                ? [.. covers[place].EnumerateArray().Select(static slot => slot.GetInt64())]
                : null,
            [.. executed.Chunk(2).Select(
                static one => (one[0].GetInt32(), one[1].GetInt32() == 1))]);
    }
}
