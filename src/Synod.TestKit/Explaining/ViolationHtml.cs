using System.Globalization;
using System.Net;
using System.Text;

namespace Synod.TestKit;

/// <summary>A violation as a page that needs nothing else: a time line for each process.</summary>
internal sealed class ViolationHtml(Violation violation)
{
    private const int Left = 110;
    private const int Width = 1000;
    private const int Lane = 46;
    private const int Bar = 26;
    private const int LettersMax = 60;
    private const double LetterWidth = 7.3;

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --line: #c8ced6;
          --before: #dfe5ec; --window: #bcd7f5; --bad: #c62828; --badink: #ffffff;
          --open: #f2e3b3; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #14171b;
          --line: #3a424c; --before: #2b323b; --window: #1f4a78; --bad: #d9534f;
          --open: #5a4a16; } }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem;
          padding: 0 1rem; color: var(--ink); background: var(--paper); }
        .drawing { overflow-x: auto; }
        svg { width: 100%; min-width: 60rem; height: auto; font: 12px ui-monospace, monospace; }
        svg text { fill: var(--ink); } svg line { stroke: var(--line); }
        .before { fill: var(--before); } .window { fill: var(--window); }
        .bystander { fill: var(--open); } .offending { fill: var(--bad); }
        svg text.on-offending { fill: var(--badink); font-weight: 600; }
        code { font: 13px ui-monospace, monospace; }
        .legend { display: flex; flex-wrap: wrap; gap: .2em 1.4em; }
        .key { display: inline-block; width: 1em; height: 1em; margin-right: .4em;
          vertical-align: -.1em; }
        """;

    private readonly StringBuilder _page = new();
    private readonly Operation[] _operations =
        [.. violation.Before, .. violation.Window, .. violation.Bystanders];

    public string Write()
    {
        string place = violation.Key is string key ? $"key <code>{Safe(key)}</code>" : "all keys";
        Add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
        Add("<meta name=\"viewport\" content=\"width=device-width\">");
        Add($"<title>Not linearizable: {Safe(violation.Model)}</title>");
        Add($"<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>Not linearizable</h1>");
        Add($"<p>Model <code>{Safe(violation.Model)}</code>, {place}. No order of the operations "
            + $"allows <code>{Safe(violation.Offending.ToString())}</code> of process "
            + $"{violation.Offending.Process}.</p>");
        Add("<h2>Possible states at its call</h2>\n<ul>");
        foreach (string state in violation.States)
            Add($"<li><code>{Safe(state)}</code></li>");
        Add("</ul>\n<h2>The smallest window that fails from each of them</h2>");
        AddDrawing();
        AddLegend();
        if (!violation.IsMinimal)
            Add("<p>The budget was spent before this was made as small as it can be.</p>");
        Add("</body>\n</html>");
        return _page.ToString();
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double number) =>
        number.ToString("0.#", CultureInfo.InvariantCulture);

    private void AddDrawing()
    {
        int[] processes =
            [.. _operations.Select(static operation => operation.Process).Distinct().Order()];
        int height = (processes.Length * Lane) + 10;
        Add("<div class=\"drawing\">");
        Add($"<svg viewBox=\"0 0 {Left + Width + 10} {height}\" role=\"img\" "
            + "aria-label=\"Operations of each process over time\">");
        for (int lane = 0; lane < processes.Length; lane++)
        {
            int middle = (lane * Lane) + (Lane / 2);
            Add($"<text x=\"0\" y=\"{middle + 4}\">process {processes[lane]}</text>");
            Add($"<line x1=\"{Left}\" y1=\"{middle}\" x2=\"{Left + Width}\" y2=\"{middle}\"/>");
        }

        foreach (Operation operation in _operations)
        {
            int lane = Array.IndexOf(processes, operation.Process);
            AddOperation(operation, (lane * Lane) + ((Lane - Bar) / 2));
        }

        Add("</svg>\n</div>");
    }

    // Every time that occurs is as far from the next as any other: real distances would leave most
    // operations too narrow to read.
    private void AddOperation(Operation operation, int top)
    {
        string kind = KindOf(operation);
        double begin = PlaceOf(operation.Call);
        double width = Math.Max(4, PlaceOf(operation.Return ?? long.MaxValue) - begin);
        string words = operation.ToString();
        string shown = words.Length <= LettersMax ? words : $"{words[..LettersMax]}…";
        string end = operation.Return is long time
            ? time.ToString(CultureInfo.InvariantCulture)
            : "unknown";
        Add($"<g><title>{Safe(words)}, called at {operation.Call}, returned at {end}</title>");
        Add($"<rect class=\"{kind}\" x=\"{Number(begin)}\" y=\"{top}\" width=\"{Number(width)}\" "
            + $"height=\"{Bar}\" rx=\"4\"/>");
        double textMax = Left + Width - (shown.Length * LetterWidth);
        double text = Math.Max(Left, Math.Min(begin + 5, textMax));
        Add($"<text class=\"on-{kind}\" x=\"{Number(text)}\" y=\"{top + 17}\">"
            + $"{Safe(shown)}</text></g>");
    }

    private void AddLegend()
    {
        Add("<p class=\"legend\">");
        Key("offending", "cannot be placed in any order");
        Key("window", "contradicts it");
        Key("before", "had returned before");
        Key("bystander", "may have taken effect, of no help");
        Add("</p>");

        void Key(string kind, string meaning) =>
            Add("<span><span class=\"key\" style=\"background: "
                + $"var(--{ColourOf(kind)})\"></span>{meaning}</span>");
    }

    private static string ColourOf(string kind) => kind switch
    {
        "offending" => "bad",
        "bystander" => "open",
        _ => kind,
    };

    private string KindOf(Operation operation)
    {
        if (ReferenceEquals(operation, violation.Offending))
            return "offending";
        if (violation.Window.Contains(operation))
            return "window";
        return violation.Before.Contains(operation) ? "before" : "bystander";
    }

    private double PlaceOf(long time)
    {
        long[] times = [.. _operations
            .SelectMany(static operation =>
                (long[])[operation.Call, operation.Return ?? long.MaxValue])
            .Distinct()
            .Order()];
        return Left + ((double)Width * Array.BinarySearch(times, time) / (times.Length - 1));
    }

    private void Add(string line) => _page.Append(line).Append('\n');
}
