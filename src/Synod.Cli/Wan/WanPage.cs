using System.Globalization;
using System.Net;
using System.Text;
using Synod.Simulation;

namespace Synod.Cli.Wan;

/// <summary>A page with bars and distributions of all sites, which needs nothing else.</summary>
internal sealed class WanPage(WanReport report)
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --line: #c9ced6;
          --soft: #f3f5f8; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181e;
          --line: #3a424d; --soft: #1c222a; } }
        body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: var(--ink);
          background: var(--paper); font: 16px/1.5 system-ui, sans-serif; }
        svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
        svg text { fill: var(--ink); }
        .axis { stroke: var(--line); }
        .sites { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr));
          gap: 1rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid var(--line); }
        th:first-child, td:first-child { text-align: left; }
        .scroll { overflow-x: auto; }
        """;

    private readonly StringBuilder _html = new();

    public string ToHtml()
    {
        Line("<!doctype html>");
        Line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        Line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        Line($"<title>Synod: latency per site</title><style>\n{Style}\n</style></head><body>");
        Line("<h1>Latency per site</h1>");
        Line("<p>From a client's call at a site to the answer, in virtual time: real kernels, "
            + "replicas and clients; computing takes no time.</p>");
        AddLegend();
        Line("<h2>Executed: median, and 99 of 100 (thin)</h2>");
        new WanBars(_html, report.Runs).Add();
        Line("<h2>Executed: which part within which time</h2><div class=\"sites\">");
        for (int site = 0; site < report.Runs[0].Sites.Count; site++)
            new WanCurves(_html, report.Runs, site).Add();
        Line("</div>");
        foreach (WideAreaReport run in report.Runs)
            AddTable(run);
        AddMatrix(report.Runs[0].Options.RoundTrips);
        Line("</body></html>");
        return _html.ToString();
    }

    private void AddLegend()
    {
        Line("<ul>");
        foreach ((int place, WideAreaReport run) in report.Runs.Index())
        {
            Line($"<li><b style=\"color:{WanColors.Of(place)}\">■</b> "
                + $"{WebUtility.HtmlEncode(WanReport.TitleOf(run))}</li>");
        }

        Line("</ul>");
    }

    private void AddTable(WideAreaReport run)
    {
        Line($"<h2>{WebUtility.HtmlEncode(WanReport.TitleOf(run))}</h2><div class=\"scroll\">");
        AddRows(WanReport.Columns, run.Sites.Index().Select(
            pair => WanReport.Cells(run, pair.Index, pair.Item)));
        Line("</div><p>Milliseconds. The formula is that of a commit without conflicts, jitter, "
            + "loss and flushes; the gap is the longest time in which no call of the site was "
            + "answered.</p>");
    }

    private void AddMatrix(RoundTrips roundTrips)
    {
        Line("<h2>Round trips</h2><div class=\"scroll\">");
        AddRows(
            ["ms", .. roundTrips.Sites],
            roundTrips.Sites.Index().Select(pair => (string[])
            [
                pair.Item,
                .. Enumerable.Range(0, roundTrips.Sites.Count).Select(other => WanReport.Number(
                    roundTrips.Between(pair.Index, other).TotalMilliseconds)),
            ]));
        Line("</div>");
    }

    private void AddRows(IEnumerable<string> columns, IEnumerable<string[]> rows)
    {
        Line("<table><tr>" + Cells("th", columns) + "</tr>");
        foreach (string[] row in rows)
            Line("<tr>" + Cells("td", row) + "</tr>");
        Line("</table>");
    }

    private static string Cells(string element, IEnumerable<string> cells) => string.Concat(
        cells.Select(cell => $"<{element}>{WebUtility.HtmlEncode(cell)}</{element}>"));

    private void Line(string line) =>
        _html.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
