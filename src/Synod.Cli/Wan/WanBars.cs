using System.Globalization;
using System.Net;
using System.Text;
using Synod.Cli.Pages;
using Synod.Simulation;

namespace Synod.Cli.Wan;

/// <summary>Bars of the medians of all sites, one beside the other for each protocol.</summary>
internal sealed class WanBars(StringBuilder html, IReadOnlyList<WideAreaReport> runs)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private const double Width = 960;
    private const double Height = 320;
    private const double Left = 56;
    private const double Bottom = 28;
    private const double Top = 16;

    private readonly double _max = WanAxis.Ceiling(runs
        .SelectMany(static run => run.Sites)
        .Max(static site => site.Executed.At(0.99).TotalMilliseconds));

    public void Add()
    {
        int sites = runs[0].Sites.Count;
        html.Append(Invariant, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" "
            + $"aria-label=\"Medians per site and protocol\">");
        for (int step = 0; step <= WanAxis.Steps; step++)
            AddStep(_max * step / WanAxis.Steps);

        double group = (Width - Left) / sites;
        for (int site = 0; site < sites; site++)
        {
            double left = Left + (site * group);
            html.Append(Invariant, $"<text x=\"{left + (group / 2):0.#}\" y=\"{Height - 8}\" "
                + $"text-anchor=\"middle\">{WebUtility.HtmlEncode(runs[0].Sites[site].Site)}"
                + $"</text>");
            double bar = group * 0.8 / runs.Count;
            foreach ((int place, WideAreaReport run) in runs.Index())
                AddBar(left + (group * 0.1) + (place * bar), bar, (place, run.Sites[site]));
        }

        html.Append(Invariant, $"</svg>");
    }

    private void AddStep(double value)
    {
        double y = At(value);
        html.Append(Invariant, $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width}\" "
            + $"y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");
        html.Append(Invariant, $"<text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" "
            + $"text-anchor=\"end\">{value:0.#}</text>");
    }

    private void AddBar(double left, double width, (int Place, SiteReport Site) run)
    {
        double median = run.Site.Executed.At(0.5).TotalMilliseconds;
        double slow = run.Site.Executed.At(0.99).TotalMilliseconds;
        string color = PageColors.Of(run.Place);
        double middle = left + (width / 2);
        double right = left + width - 3;
        html.Append(Invariant, $"<rect x=\"{left + 1:0.#}\" y=\"{At(median):0.#}\" "
            + $"width=\"{width - 2:0.#}\" height=\"{At(0) - At(median):0.#}\" fill=\"{color}\"/>");
        html.Append(Invariant, $"<line x1=\"{right:0.#}\" x2=\"{right:0.#}\" "
            + $"y1=\"{At(0):0.#}\" y2=\"{At(slow):0.#}\" stroke=\"{color}\" "
            + $"stroke-width=\"2\"/>");
        html.Append(Invariant, $"<text x=\"{middle:0.#}\" y=\"{At(median) - 4:0.#}\" "
            + $"text-anchor=\"middle\">{median:0.#}</text>");
    }

    private double At(double value) => Top + ((Height - Top - Bottom) * (1 - (value / _max)));
}
