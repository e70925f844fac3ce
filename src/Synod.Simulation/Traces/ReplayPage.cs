using System.Globalization;
using System.Text;

namespace Synod.Simulation;

/// <summary>Gathers all that happens in a run, and makes one page of it that plays the run in a
/// browser, without a network. Equal runs give equal pages. Owned by the thread of the
/// run.</summary>
public sealed class ReplayPage : ITraceSink
{
    private const string Resources = "Synod.Simulation.Replay.";

    // One script: what a later one names may be in an earlier one.
    private static readonly string[] Scripts =
    [
        "model.js", "state.js", "view.js", "draw.js", "lines.js", "tracks.js", "pick.js",
        "panel.js", "graph.js", "graphView.js", "page.js",
    ];

    private readonly List<TraceEvent> _events = [];

    /// <summary>The command line that gives this run again; null for one that is made of what the
    /// report and the events say, which is neither how long things went wrong nor which
    /// faults.</summary>
    public string? CommandLine { get; init; }

    /// <inheritdoc/>
    public void Add(in TraceEvent happened) => _events.Add(happened);

    /// <summary>The page, of the events so far and of what came out of the run. To be called when
    /// the run has ended.</summary>
    public string ToHtml(SimulationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        int nodes = NodeCount();
        ReplayData data = new(report, _events)
        {
            Nodes = nodes,
            CommandLine = CommandLine ?? CommandLineOf(report, nodes),
            IsWholeCommandLine = CommandLine is not null,
        };

        // The data comes last: nothing in it is taken for a place to be filled.
        string page = Fill(Resource("page.html"), "style", Resource("page.css"));
        page = Fill(page, "script", string.Concat(Scripts.Select(Resource)));
        return Fill(page, "run", data.ToJson());
    }

    private int NodeCount()
    {
        uint last = 1;
        foreach (TraceEvent happened in _events)
            last = Math.Max(last, Math.Max(happened.Node.Number, happened.Peer.Number));
        return (int)last;
    }

    private static string CommandLineOf(SimulationReport report, int nodes)
    {
        StringBuilder line = new("synod simulate");
        CultureInfo culture = CultureInfo.InvariantCulture;
        line.Append(culture, $" --seed {report.Seed}");
        if (report.History.Protocol is string protocol)
            line.Append(culture, $" --protocol {protocol}");
        line.Append(culture, $" --nodes {nodes}");

        // The command knows its workloads by name, a history knows the name of its model.
        string workload = report.History.Model switch
        {
            "kv" => "register",
            "txn" => "transactions",
            string model => model,
        };
        return line.Append(culture, $" --workload {workload} --replay run.html").ToString();
    }

    private static string Fill(string page, string place, string text)
    {
        string marker = $"{{{{{place}}}}}";
        int at = page.IndexOf(marker, StringComparison.Ordinal);
        return string.Concat(page.AsSpan(0, at), text, page.AsSpan(at + marker.Length));
    }

    private static string Resource(string name)
    {
        using StreamReader reader = new(
            typeof(ReplayPage).Assembly.GetManifestResourceStream(Resources + name)
                ?? throw new InvalidOperationException($"The resource {name} was not built in."),
            Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
