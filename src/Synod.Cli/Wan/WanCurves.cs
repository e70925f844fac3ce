using System.Globalization;
using System.Net;
using System.Text;
using Synod.Cli.Pages;
using Synod.Simulation;

namespace Synod.Cli.Wan;

/// <summary>At one site, which part of the calls was answered within which time.</summary>
internal sealed class WanCurves(
    StringBuilder html, IReadOnlyList<WideAreaReport> runs, int site)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private const double Width = 360;
    private const double Height = 220;
    private const double Left = 40;
    private const double Bottom = 28;
    private const double Top = 24;
    private const int Points = 200;

    private readonly double _max = WanAxis.Ceiling(runs
        .SelectMany(static run => run.Sites)
        .Max(static one => one.Executed.At(0.999).TotalMilliseconds));

    public void Add()
    {
        string name = WebUtility.HtmlEncode(runs[0].Sites[site].Site);
        html.Append(Invariant, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" "
            + $"aria-label=\"{name}\">");
        html.Append(
            Invariant, $"<text x=\"{Left}\" y=\"14\" font-weight=\"600\">{name}</text>");
        foreach (int percent in (int[])[0, 50, 100])
        {
            double y = Y(percent / 100.0);
            html.Append(Invariant, $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width}\" "
                + $"y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");
            html.Append(Invariant, $"<text x=\"{Left - 4}\" y=\"{y + 4:0.#}\" "
                + $"text-anchor=\"end\">{percent} %</text>");
        }

        foreach (double part in (double[])[0, 0.5, 1])
        {
            html.Append(Invariant, $"<text x=\"{X(part * _max):0.#}\" y=\"{Height - 8}\" "
                + $"text-anchor=\"{(part >= 1 ? "end" : "middle")}\">{part * _max:0.#} ms</text>");
        }

        foreach ((int place, WideAreaReport run) in runs.Index())
            AddCurve(PageColors.Of(place), run.Sites[site].Executed);
        html.Append(Invariant, $"</svg>");
    }

    private void AddCurve(string color, Latencies latencies)
    {
        if (latencies.Count == 0)
            return;

        StringBuilder path = new();
        for (int point = 0; point <= Points; point++)
        {
            double part = (double)point / Points;
            double time = Math.Min(latencies.At(part).TotalMilliseconds, _max);
            string to = point == 0 ? "M" : "L";
            path.Append(Invariant, $"{to}{X(time):0.#} {Y(part):0.#}");
        }

        html.Append(Invariant, $"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" "
            + $"stroke-width=\"2\"/>");
    }

    private double X(double time) => Left + ((Width - Left) * time / _max);

    private static double Y(double part) => Top + ((Height - Top - Bottom) * (1 - part));
}
