namespace Synod.Architecture.Tests;

/// <summary>One row of the feature page: `| id | feature | public API | tests |`.</summary>
internal sealed record FeatureRow(string Id, string Feature, string Api, string Tests, int Line)
{
    public const string Page = "docs/reference/features.md";

    private const int CellsPerRow = 6;

    public static IReadOnlyList<FeatureRow> OnPage() => In(Repository.Read(Page));

    public static IReadOnlyList<FeatureRow> In(string page) =>
        [.. page.Split('\n').Select(Parse).OfType<FeatureRow>()];

    public override string ToString() => $"| {Id} | {Feature} | {Api} | {Tests} |";

    public Finding Say(string advice) => new(Page, Line, $"{Id}: {advice}");

    private static FeatureRow? Parse(string line, int index)
    {
        string[] cells = [.. line.Split('|').Select(static cell => cell.Trim())];
        return cells.Length >= CellsPerRow && IsId(cells[1])
            ? new FeatureRow(cells[1], cells[2], cells[3], cells[4], index + 1)
            : null;
    }

    private static bool IsId(string cell) =>
        cell.Length == 3 && char.IsAsciiLetterUpper(cell[0]) && cell[1..].All(char.IsAsciiDigit);
}
