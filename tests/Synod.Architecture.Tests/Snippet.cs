using System.Text.RegularExpressions;

namespace Synod.Architecture.Tests;

/// <summary>A span of compiled code between `// snippet: name` and `// end-snippet`.</summary>
internal sealed partial record Snippet(string Name, string Code, string Path, int Line)
{
    public static IEnumerable<Snippet> All() =>
        from file in SourceFile.In("samples").Concat(SourceFile.In("tests"))
        from index in Enumerable.Range(0, file.Lines.Length)
        let begin = Begin().Match(file.Lines[index])
        where begin.Success
        select new Snippet(
            begin.Groups["name"].Value,
            Unindented([.. file.Lines.Skip(index + 1).TakeWhile(static line => !IsEnd(line))]),
            file.Path,
            index + 1);

    private static bool IsEnd(string line) => line.Trim() == "// end-snippet";

    private static string Unindented(string[] lines)
    {
        int indent = lines
            .Where(static line => line.Length > 0)
            .Select(static line => line.Length - line.TrimStart().Length)
            .DefaultIfEmpty()
            .Min();
        IEnumerable<string> shifted =
            lines.Select(line => line.Length == 0 ? "" : line[indent..]);
        return string.Join('\n', shifted).Trim('\n');
    }

    [GeneratedRegex(@"^\s*// snippet: (?<name>\S+)$")]
    private static partial Regex Begin();
}
