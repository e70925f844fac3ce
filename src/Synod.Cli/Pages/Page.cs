using System.Globalization;
using System.Net;
using System.Text;

namespace Synod.Cli.Pages;

/// <summary>A page that needs nothing else, while it is written.</summary>
internal sealed class Page
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
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr));
          gap: 1rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid var(--line); }
        th:first-child, td:first-child { text-align: left; }
        .scroll { overflow-x: auto; }
        """;

    /// <param name="title">Of the page.</param>
    public Page(string title)
    {
        Line("<!doctype html>");
        Line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        Line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        Line($"<title>Synod: {Text(title)}</title><style>\n{Style}\n</style></head><body>");
        Line($"<h1>{Text(title)}</h1>");
    }

    /// <summary>What was written so far.</summary>
    public StringBuilder Html { get; } = new();

    /// <summary>Text as it stands in a page.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public void Line(string line) => Html.Append(CultureInfo.InvariantCulture, $"{line}\n");

    public void Heading(string text) => Line($"<h2>{Text(text)}</h2>");

    public void Paragraph(string text) => Line($"<p>{Text(text)}</p>");

    /// <summary>Which color is which curve.</summary>
    public void Legend(IEnumerable<string> names)
    {
        Line("<ul>");
        foreach ((int place, string name) in names.Index())
            Line($"<li><b style=\"color:{PageColors.Of(place)}\">■</b> {Text(name)}</li>");
        Line("</ul>");
    }

    public void Table(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        Line("<div class=\"scroll\"><table><tr>" + Cells("th", columns) + "</tr>");
        foreach (IEnumerable<string> row in rows)
            Line("<tr>" + Cells("td", row) + "</tr>");
        Line("</table></div>");
    }

    /// <summary>The whole page.</summary>
    public string End()
    {
        Line("</body></html>");
        return Html.ToString();
    }

    private static string Cells(string element, IEnumerable<string> cells) => string.Concat(
        cells.Select(cell => $"<{element}>{Text(cell)}</{element}>"));
}
