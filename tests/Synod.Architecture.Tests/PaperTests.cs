using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Synod.Architecture.Tests;

/// <summary>The pages that walk a paper, or the suites of another implementation, name a test for
/// each row.</summary>
public sealed partial class PaperTests
{
    private static readonly HashSet<string> Tests =
    [
        .. from file in SourceFile.In("tests")
           from type in file.Nodes<ClassDeclarationSyntax>()
           from name in NamesOf(type)
           select name,
    ];

    [Fact]
    public void Every_sentence_of_a_paper_names_tests_that_exist()
    {
        (string Path, int Line, string Text)[] rows = [.. Rows()];

        Assert.NotEmpty(rows);
        Finding.AssertNone(
            from row in rows
            let tests = Name().Matches(row.Text).Select(static match => match.Groups[1].Value)
            where !tests.Any() || !tests.All(Tests.Contains)
            select new Finding(row.Path, row.Line, $"no such test, or none: {row.Text}"));
    }

    private static IEnumerable<(string Path, int Line, string Text)> Rows() =>
        from path in Repository.Files("docs/protocols", "*-paper.md")
            .Concat(Repository.Files("docs/protocols", "*-suites.md"))
        from line in Repository.Read(path).Split('\n').Index()
        where line.Item.StartsWith("| ", StringComparison.Ordinal)
            && !line.Item.EndsWith("| shown by |", StringComparison.Ordinal)
        select (path, line.Index + 1, line.Item);

    private static IEnumerable<string> NamesOf(ClassDeclarationSyntax type)
    {
        string name = type.Identifier.ValueText;
        return type.Members.OfType<MethodDeclarationSyntax>()
            .Select(method => $"{name}.{method.Identifier.ValueText}")
            .Prepend(name);
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9_.]+)`")]
    private static partial Regex Name();
}
