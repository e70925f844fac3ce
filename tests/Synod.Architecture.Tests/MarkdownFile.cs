using System.Text.RegularExpressions;

namespace Synod.Architecture.Tests;

/// <summary>A Markdown page: its headings, links and code fences.</summary>
internal sealed partial class MarkdownFile
{
    private readonly List<Heading> _headings = [];
    private readonly List<Link> _links = [];
    private readonly List<Fence> _fences = [];

    public MarkdownFile(string path)
    {
        Path = path;
        Read(Repository.Read(path).Split('\n'));
    }

    public string Path { get; }

    public IReadOnlyList<Heading> Headings => _headings;

    public IReadOnlyList<Link> Links => _links;

    public IReadOnlyList<Fence> Fences => _fences;

    public static IEnumerable<MarkdownFile> All() =>
        Repository.Files("", "*.md").Select(static path => new MarkdownFile(path));

    private void Read(string[] lines)
    {
        for (int index = 0; index < lines.Length; index++)
        {
            if (lines[index].StartsWith("```", StringComparison.Ordinal))
                index = ReadFence(lines, index);
            else
                ReadText(lines[index], index + 1);
        }
    }

    // Returns the index of the closing line.
    private int ReadFence(string[] lines, int first)
    {
        int last = Array.FindIndex(
            lines, first + 1, static line => line.StartsWith("```", StringComparison.Ordinal));
        last = last < 0 ? lines.Length : last;

        string above = lines[..first].LastOrDefault(static line => line.Trim().Length > 0) ?? "";
        _fences.Add(new Fence(
            lines[first][3..].Trim(),
            Snippet().Match(above).Groups["name"].Value,
            string.Join('\n', lines[(first + 1)..last]),
            first + 1));
        return last;
    }

    private void ReadText(string line, int number)
    {
        Match heading = Title().Match(line);
        if (heading.Success)
        {
            int level = heading.Groups["level"].Length;
            _headings.Add(new Heading(level, heading.Groups["text"].Value, number));
        }

        foreach (Match link in Target().Matches(InlineCode().Replace(line, "")))
            _links.Add(new Link(link.Groups["target"].Value, number));
    }

    [GeneratedRegex(@"^(?<level>#{1,6}) (?<text>.*?)\s*$")]
    private static partial Regex Title();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(\s+""[^""]*"")?\)")]
    private static partial Regex Target();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^\s*<!-- snippet: (?<name>\S+) -->\s*$")]
    private static partial Regex Snippet();

    internal readonly record struct Heading(int Level, string Text, int Line);

    internal readonly record struct Link(string Target, int Line);

    internal readonly record struct Fence(string Language, string Snippet, string Code, int Line);
}
