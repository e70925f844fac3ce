using Synod.Cli.Pages;

namespace Synod.Cli.Bench;

/// <summary>A bench as a page: how latencies are distributed, what changes along everything that
/// varies, and all numbers.</summary>
internal sealed class BenchPage(BenchReport report)
{
    // The smaller the part that is slower, the further right.
    private static readonly double[] Slower =
        [1, 0.75, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001];

    private static readonly (string Name, Func<BenchResult, double> Of)[] Axes =
    [
        ("clients", static one => one.Row.Shape.Clients),
        ("calls begun/s", static one => one.Row.Shape.Rate),
        ("payload, bytes", static one => one.Setting.PayloadBytes),
        ("nodes", static one => one.Setting.Nodes),
        ("groups", static one => one.Setting.Groups),
    ];

    private static readonly (string Name, Func<BenchResult, double> Of)[] Measures =
    [
        ("answers/s", static one => one.Row.OperationsPerSecond),
        ("median latency, us", static one => one.Row.P50.TotalMicroseconds),
        ("p99 latency, us", static one => one.Row.Counts.Latencies.At(0.99).TotalMicroseconds),
        ("server CPU, us a call", static one => one.Row.ServerCpuUsPerOperation),
        ("flushes a call", static one => one.Row.FlushesPerOperation),
        ("memory of all nodes, MB", static one => one.Row.Servers.WorkingSetBytes / 1e6),
    ];

    public string ToHtml()
    {
        Page page = new("What a command costs");
        foreach (string line in report.ToText().Split('\n', StringSplitOptions.TrimEntries))
            page.Paragraph(line);
        foreach ((string name, Func<BenchResult, double> of) in Axes)
        {
            if (report.Results.Select(of).Distinct().Count() > 1)
                AddAlong(page, name, of);
        }

        AddLatencies(page);
        page.Heading("All numbers");
        page.Table(report.Columns(), report.Results.Select(report.Cells));
        return page.End();
    }

    private void AddAlong(Page page, string axis, Func<BenchResult, double> across)
    {
        IGrouping<string, BenchResult>[] curves =
            [.. report.Results.GroupBy(one => NameOf(one, axis))];
        page.Heading($"Along {axis}");
        page.Legend(curves.Select(static curve => curve.Key));
        page.Line("<div class=\"plots\">");
        foreach ((string name, Func<BenchResult, double> of) in Measures)
        {
            new LogPlot(name, axis, curves.Select(curve => curve
                .OrderBy(across)
                .Select(one => (across(one), of(one))))).WriteTo(page.Html);
        }

        page.Line("</div>");
    }

    private void AddLatencies(Page page)
    {
        page.Heading("How many calls took longer");
        page.Legend(report.Results.Select(static one => NameOf(one, "")));
        new LogPlot("latency, us", "one call in", report.Results.Select(static one => Slower.Select(
            slower => (1 / slower, one.Row.Counts.Latencies.At(1 - slower).TotalMicroseconds))))
            .WriteTo(page.Html);
    }

    // All that tells a row from others, but for what the curve goes along.
    private static string NameOf(BenchResult result, string axis)
    {
        IEnumerable<string> parts = Axes
            .Where(one => one.Name != axis && one.Of(result) > 0)
            .Select(one => FormattableString.Invariant($"{one.Of(result):0} {one.Name}"));
        return string.Join(", ", [result.Setting.Protocol, .. parts]);
    }
}
