namespace Synod.Architecture.Tests;

/// <summary>Planted bugs stay where they can be planted: the code may move away from under
/// them.</summary>
public class MutantTests
{
    [Fact]
    public void What_a_planted_bug_replaces_stands_in_the_code_exactly_once() =>
        Finding.AssertNone(
            from page in Directory.GetFiles(
                Path.Combine(Repository.Root, "eng", "mutants"), "*.txt")
            from edit in EditsOf(page)
            let text = File.ReadAllText(Path.Combine(Repository.Root, edit.File))
            let places = text.Split(edit.Find).Length - 1
            where places != 1
            select new Finding(
                Path.GetRelativePath(Repository.Root, page),
                edit.Line,
                $"{edit.File} has {places} places like this; mend what is replaced"));

    [Fact]
    public void Every_planted_bug_is_on_the_page_that_says_who_caught_it()
    {
        string page = File.ReadAllText(
            Path.Combine(Repository.Root, "docs", "internals", "mutants.md"));
        Finding.AssertNone(
            from path in Directory.GetFiles(
                Path.Combine(Repository.Root, "eng", "mutants"), "*.txt")
            from line in File.ReadAllLines(path).Index()
            where line.Item.StartsWith("mutant ", StringComparison.Ordinal)
                && !page.Contains($"`{line.Item[7..]}`", StringComparison.Ordinal)
            select new Finding(
                Path.GetRelativePath(Repository.Root, path),
                line.Index + 1,
                "not on docs/internals/mutants.md"));
    }

    private static IEnumerable<(int Line, string File, string Find)> EditsOf(string page)
    {
        string[] lines = File.ReadAllLines(page);
        string file = "";
        for (int line = 0; line < lines.Length; line++)
        {
            if (lines[line].StartsWith("in ", StringComparison.Ordinal))
                file = lines[line][3..];
            if (lines[line] != "replace")
                continue;

            int end = Array.IndexOf(lines, "with", line);
            yield return (line + 1, file, string.Join('\n', lines[(line + 1)..end]));
            line = Array.IndexOf(lines, "end", end);
        }
    }
}
