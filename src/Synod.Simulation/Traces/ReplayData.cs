using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Synod.Simulation;

/// <summary>A run as the script of its page reads it: columns instead of rows, differences instead
/// of numbers. The script <c>model.js</c> is the other side. Owned by who writes a page.</summary>
internal sealed class ReplayData(SimulationReport report, IReadOnlyList<TraceEvent> events)
{
    private const int EventsMax = 200_000;
    private const int PlacesPerKind = 256;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly StringBuilder _kinds = new();
    private readonly StringBuilder _nodes = new();
    private readonly StringBuilder _peers = new();
    private readonly List<long> _times = [];
    private readonly List<long> _numbers = [];
    private readonly Dictionary<int, long> _newest = [];
    private readonly ReplayTexts _texts = new();
    private readonly ReplayGraph _graph = new();
    private int _dropped;
    private long _time;

    /// <summary>How many nodes there are.</summary>
    public required int Nodes { get; init; }

    /// <summary>What gives the run again.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Whether that says everything.</summary>
    public required bool IsWholeCommandLine { get; init; }

    /// <summary>The data as JSON that may stand in a page: its encoder writes no sign that ends a
    /// script. To be called once.</summary>
    public string ToJson()
    {
        AddAll();
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            WriteReport(json);
            WriteColumns(json);
            _graph.WriteTo(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void AddAll()
    {
        ReplayHeartbeats heartbeats = new();
        ReplayWindows? windows = events.Count > EventsMax ? new ReplayWindows(events) : null;
        foreach (TraceEvent happened in events)
        {
            bool isHeartbeat = heartbeats.Has(happened);
            if (isHeartbeat && windows?.Have(happened.At) == false)
                _dropped++;
            else
                Add(happened, isHeartbeat);
        }
    }

    private void Add(in TraceEvent happened, bool isHeartbeat)
    {
        _graph.Add(_times.Count, happened);
        int kind = (int)happened.Kind;
        int node = (int)happened.Node.Number;
        _kinds.Append((char)((isHeartbeat ? 'A' : 'a') + kind));
        _nodes.Append(Digits[node]);
        _peers.Append(Digits[(int)happened.Peer.Number]);
        _times.Add(happened.At.Ticks - _time);
        _time = happened.At.Ticks;

        // Numbers of one kind at one node mostly go up by few.
        int place = (kind * PlacesPerKind) + node;
        _numbers.Add(happened.Number - _newest.GetValueOrDefault(place));
        _newest[place] = happened.Number;
        _texts.Add(happened.Text);
    }

    private void WriteReport(Utf8JsonWriter json)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        json.WriteString("seed", report.Seed.ToString(culture));
        json.WriteString("protocol", report.History.Protocol);
        json.WriteString("model", report.History.Model);
        json.WriteString("verdict", report.Verdict.ToString());
        json.WriteString("reason", report.Reason);
        json.WriteString("command", CommandLine);
        json.WriteBoolean("isWholeCommand", IsWholeCommandLine);
        json.WriteNumber("nodes", Nodes);
        json.WriteNumber("steps", report.Steps);
        json.WriteNumber("operations", report.Operations);
        json.WriteNumber("faultsPlanned", report.Plan.Faults.Count);
        json.WriteNumber("virtualTicks", report.VirtualTime.Ticks);
        json.WriteString("digest", report.TraceDigest.ToString("x16", culture));
        json.WriteNumber("dropped", _dropped);
    }

    private void WriteColumns(Utf8JsonWriter json)
    {
        json.WriteStartArray("kindNames");
        foreach (TraceKind kind in Enum.GetValues<TraceKind>())
            json.WriteStringValue(kind.ToString());
        json.WriteEndArray();
        json.WriteString("kinds", _kinds.ToString());
        json.WriteString("where", _nodes.ToString());
        json.WriteString("peers", _peers.ToString());
        Write(json, "times", _times);
        Write(json, "numbers", _numbers);
        _texts.WriteTo(json);
    }

    private static void Write(Utf8JsonWriter json, string name, List<long> column)
    {
        json.WriteStartArray(name);
        foreach (long value in column)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
