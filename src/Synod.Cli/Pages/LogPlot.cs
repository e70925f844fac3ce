using System.Globalization;
using System.Text;

namespace Synod.Cli.Pages;

/// <summary>Curves over two logarithmic axes, each as long as the numbers need.</summary>
internal sealed class LogPlot
{
    private const double Width = 460;
    private const double Height = 280;
    private const double Left = 52;
    private const double Right = 12;
    private const double Bottom = 40;
    private const double Top = 24;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;
    private static readonly double[] Round = [1, 2, 5, 10];

    private readonly string _title;
    private readonly string _across;
    private readonly IReadOnlyList<(double X, double Y)[]> _curves;
    private readonly (double Min, double Max) _x;
    private readonly (double Min, double Max) _y;

    /// <param name="title">What goes up.</param>
    /// <param name="across">What goes to the right.</param>
    /// <param name="curves">Points from left to right; what is not above zero is left
    /// out.</param>
    public LogPlot(
        string title, string across, IEnumerable<IEnumerable<(double X, double Y)>> curves)
    {
        _title = title;
        _across = across;
        _curves = [.. curves.Select(static curve => curve
            .Where(static point => point.X > 0 && point.Y > 0)
            .ToArray())];
        _x = Axis(static point => point.X);
        _y = Axis(static point => point.Y);
    }

    public void WriteTo(StringBuilder html)
    {
        html.Append(Invariant, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" "
            + $"aria-label=\"{Page.Text(_title)}\">");
        html.Append(Invariant, $"<text x=\"4\" y=\"14\" font-weight=\"600\">"
            + $"{Page.Text(_title)}</text>");
        html.Append(Invariant, $"<text x=\"{Width - Right}\" y=\"{Height - 4}\" "
            + $"text-anchor=\"end\">{Page.Text(_across)}</text>");
        foreach (double value in Ticks(_y))
            AddRow(html, value);
        foreach (double value in Ticks(_x))
            AddColumn(html, value);
        foreach ((int place, (double X, double Y)[] curve) in _curves.Index())
            AddCurve(html, PageColors.Of(place), curve);
        html.Append("</svg>\n");
    }

    private void AddRow(StringBuilder html, double value) => html.Append(
        Invariant,
        $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):0.#}\" "
        + $"y2=\"{Y(value):0.#}\"/><text x=\"{Left - 4}\" y=\"{Y(value) + 4:0.#}\" "
        + $"text-anchor=\"end\">{Short(value)}</text>");

    private void AddColumn(StringBuilder html, double value) => html.Append(
        Invariant,
        $"<line class=\"axis\" x1=\"{X(value):0.#}\" x2=\"{X(value):0.#}\" y1=\"{Top}\" "
        + $"y2=\"{Height - Bottom}\"/><text x=\"{X(value):0.#}\" y=\"{Height - Bottom + 14}\" "
        + $"text-anchor=\"middle\">{Short(value)}</text>");

    private void AddCurve(StringBuilder html, string color, (double X, double Y)[] curve)
    {
        string points = string.Join(' ', curve.Select(point =>
            string.Create(Invariant, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
        html.Append(Invariant, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" "
            + $"stroke-width=\"2\"/>");
        foreach ((double x, double y) in curve.Length <= 16 ? curve : [])
        {
            html.Append(Invariant, $"<circle cx=\"{X(x):0.#}\" cy=\"{Y(y):0.#}\" r=\"3\" "
                + $"fill=\"{color}\"><title>{Short(x)}: {Short(y)}</title></circle>");
        }
    }

    private (double Min, double Max) Axis(Func<(double X, double Y), double> part)
    {
        double[] values = [.. _curves.SelectMany(static curve => curve).Select(part)];
        return values.Length == 0
            ? (1, 10)
            : (RoundDown(values.Min()), RoundUp(values.Max()));
    }

    private static double RoundDown(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Round.Last(round => round * power <= value * 1.0001) * power;
    }

    // Never the lower end itself, so that an axis has a length.
    private static double RoundUp(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Round.First(round => round * power > value * 1.0001) * power;
    }

    private static IEnumerable<double> Ticks((double Min, double Max) axis)
    {
        bool isLong = axis.Max / axis.Min > 200;
        double power = Math.Pow(10, Math.Floor(Math.Log10(axis.Min)));
        for (; power <= axis.Max * 1.0001; power *= 10)
        {
            foreach (double round in isLong ? Round[..1] : Round[..3])
            {
                double value = round * power;
                if (value >= axis.Min * 0.9999 && value <= axis.Max * 1.0001)
                    yield return value;
            }
        }
    }

    private static string Short(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", Invariant) + "M",
        >= 1e3 => (value / 1e3).ToString("0.##", Invariant) + "k",
        _ => value.ToString("0.###", Invariant),
    };

    private double X(double value) =>
        Left + ((Width - Left - Right) * Part(value, _x));

    private double Y(double value) =>
        Top + ((Height - Top - Bottom) * (1 - Part(value, _y)));

    private static double Part(double value, (double Min, double Max) axis) =>
        Math.Log(value / axis.Min) / Math.Log(axis.Max / axis.Min);
}
