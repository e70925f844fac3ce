using Synod.Cli.Pages;
using Synod.Simulation;

namespace Synod.Cli.Wan;

/// <summary>A page with bars and distributions of all sites, which needs nothing else.</summary>
internal sealed class WanPage(WanReport report)
{
    public string ToHtml()
    {
        Page page = new("Latency per site");
        page.Paragraph("From a client's call at a site to the answer, in virtual time: real "
            + "kernels, replicas and clients; computing takes no time.");
        page.Legend(report.Runs.Select(WanReport.TitleOf));
        page.Heading("Executed: median, and 99 of 100 (thin)");
        new WanBars(page.Html, report.Runs).Add();
        page.Heading("Executed: which part within which time");
        page.Line("<div class=\"plots\">");
        for (int site = 0; site < report.Runs[0].Sites.Count; site++)
            new WanCurves(page.Html, report.Runs, site).Add();
        page.Line("</div>");
        foreach (WideAreaReport run in report.Runs)
            AddTable(page, run);
        AddMatrix(page, report.Runs[0].Options.RoundTrips);
        return page.End();
    }

    private static void AddTable(Page page, WideAreaReport run)
    {
        page.Heading(WanReport.TitleOf(run));
        page.Table(WanReport.Columns, run.Sites.Index().Select(
            pair => WanReport.Cells(run, pair.Index, pair.Item)));
        page.Paragraph("Milliseconds. The formula is that of a commit without conflicts, jitter, "
            + "loss and flushes; the gap is the longest time in which no call of the site was "
            + "answered.");
    }

    private static void AddMatrix(Page page, RoundTrips roundTrips)
    {
        page.Heading("Round trips");
        page.Table(
            ["ms", .. roundTrips.Sites],
            roundTrips.Sites.Index().Select(pair => (string[])
            [
                pair.Item,
                .. Enumerable.Range(0, roundTrips.Sites.Count).Select(other => WanReport.Number(
                    roundTrips.Between(pair.Index, other).TotalMilliseconds)),
            ]));
    }
}
