using System.Globalization;
using System.Text;
using System.Text.Json;
using Synod.Simulation;

namespace Synod.Cli.Wan;

/// <summary>What clients waited for, at each site, on each protocol.</summary>
internal sealed record WanReport(IReadOnlyList<WideAreaReport> Runs)
{
    /// <summary>What the cells of a site are.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "site", "formula", "commit p50", "p99", "result p50", "p99", "p99.9", "max", "calls",
        "failed", "open", "gap",
    ];

    public string ToText()
    {
        StringBuilder text = new();
        foreach (WideAreaReport run in Runs)
        {
            text.AppendLine(TitleOf(run));
            Row(text, [.. Columns]);
            foreach ((int site, SiteReport report) in run.Sites.Index())
                Row(text, Cells(run, site, report));
            text.AppendLine();
        }

        return text.Append("All times in ms, from the call to the answer.").ToString();
    }

    /// <summary>One object; of several protocols, one for each in <c>runs</c>.</summary>
    public string ToJson()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            if (Runs.Count == 1)
            {
                Write(json, Runs[0]);
            }
            else
            {
                json.WriteStartObject();
                json.WriteStartArray("runs");
                foreach (WideAreaReport run in Runs)
                    Write(json, run);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>What was run, in a line.</summary>
    public static string TitleOf(WideAreaReport run)
    {
        WideAreaOptions options = run.Options;
        string leader = options.Leader is int site
            ? $", {options.RoundTrips.Sites[site]} leads"
            : "";
        string keys = options.ZipfExponent is double exponent
            ? $"Zipf {Number(exponent)}"
            : $"{Number(options.ConflictPercent)} % conflicts";
        return $"{options.Protocol.Name}{leader}, {keys}, {options.ClientsPerSite} clients a site";
    }

    /// <summary>What theory says of a site, where no command conflicts.</summary>
    public static double FormulaMs(WideAreaReport run, int site)
    {
        RoundTrips roundTrips = run.Options.RoundTrips;
        return (run.Options.Leader is int leader
            ? WideAreaFormulas.LeaderCommit(roundTrips, leader, site)
            : WideAreaFormulas.FastCommit(roundTrips, site)).TotalMilliseconds;
    }

    /// <summary>A number of at most one digit after the point.</summary>
    public static string Number(double number) =>
        number.ToString("0.#", CultureInfo.InvariantCulture);

    private static void Row(StringBuilder text, string[] cells)
    {
        text.Append("  ").Append(cells[0].PadRight(12));
        foreach (string cell in cells[1..])
            text.Append(cell.PadLeft(11));
        text.AppendLine();
    }

    /// <summary>A site as text.</summary>
    public static string[] Cells(WideAreaReport run, int site, SiteReport report) =>
    [
        report.Site + (report.IsLost ? " (lost)" : ""),
        Number(FormulaMs(run, site)),
        At(report.Committed, 0.5),
        At(report.Committed, 0.99),
        At(report.Executed, 0.5),
        At(report.Executed, 0.99),
        At(report.Executed, 0.999),
        At(report.Executed, 1),
        Count(report.Executed.Count),
        Count(report.Failed),
        Count(report.Open),
        Number(report.LongestGap.TotalMilliseconds),
    ];

    private static string At(Latencies latencies, double part) =>
        latencies.Count == 0 ? "-" : Number(latencies.At(part).TotalMilliseconds);

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, WideAreaReport run)
    {
        json.WriteStartObject();
        json.WriteString("protocol", run.Options.Protocol.Name);
        json.WriteString(
            "leader",
            run.Options.Leader is int leader ? run.Options.RoundTrips.Sites[leader] : null);
        json.WriteNumber("conflictPercent", run.Options.ConflictPercent);
        json.WriteNumber("clientsPerSite", run.Options.ClientsPerSite);
        json.WriteNumber("seconds", run.Options.Duration.TotalSeconds);
        json.WriteNumber("steps", run.Steps);
        json.WriteStartArray("sites");
        foreach ((int site, SiteReport report) in run.Sites.Index())
            Write(json, run, (site, report));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(
        Utf8JsonWriter json, WideAreaReport run, (int Place, SiteReport Report) site)
    {
        json.WriteStartObject();
        json.WriteString("site", site.Report.Site);
        json.WriteNumber("formulaMs", FormulaMs(run, site.Place));
        Write(json, "commit", site.Report.Committed);
        Write(json, "execute", site.Report.Executed);
        json.WriteNumber("operations", site.Report.Executed.Count);
        json.WriteNumber("failed", site.Report.Failed);
        json.WriteNumber("open", site.Report.Open);
        json.WriteNumber("oldestOpenMs", site.Report.OldestOpen.TotalMilliseconds);
        json.WriteNumber("longestGapMs", site.Report.LongestGap.TotalMilliseconds);
        json.WriteBoolean("lost", site.Report.IsLost);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Latencies latencies)
    {
        json.WriteNumber($"{name}P50Ms", latencies.At(0.5).TotalMilliseconds);
        json.WriteNumber($"{name}P99Ms", latencies.At(0.99).TotalMilliseconds);
        json.WriteNumber($"{name}P999Ms", latencies.At(0.999).TotalMilliseconds);
        json.WriteNumber($"{name}MaxMs", latencies.At(1).TotalMilliseconds);
    }
}
