using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Synod.Architecture.Tests;

/// <summary>The feature page says what works, and a tagged test proves each row of it.</summary>
public class FeatureTests
{
    private const string Requirements = "../shared/features.md";

    private static readonly IReadOnlyList<Citation> Tags =
        [.. Citation.Of("Feature", "tests").OrderBy(NameOf, StringComparer.Ordinal)];

    public FeatureTests()
    {
        if (Repository.IsUpdating)
            Update();
    }

    [Fact]
    public void Every_feature_on_the_page_names_exactly_its_tests() =>
        Finding.AssertNone(
            from row in FeatureRow.OnPage()
            where row.Tests != TestsOf(row.Id)
            select row.Say("the tests column is stale; run the tests with SYNOD_UPDATE=1"));

    [Fact]
    public void Every_feature_on_the_page_has_a_test() =>
        Finding.AssertNone(
            from row in FeatureRow.OnPage()
            where TestsOf(row.Id).Length == 0
            select row.Say($"tag a test [Feature(\"{row.Id}\")], or remove the row"));

    [Fact]
    public void Every_feature_on_the_page_is_described() =>
        Finding.AssertNone(
            from row in FeatureRow.OnPage()
            where row.Feature.Length == 0 || row.Api.Length == 0
            select row.Say("say what it is and which public API serves it"));

    [Fact]
    public void Features_stand_on_the_page_once_and_in_order()
    {
        string[] ids = [.. FeatureRow.OnPage().Select(static row => row.Id)];

        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void Every_tag_is_on_the_page()
    {
        HashSet<string> ids = [.. FeatureRow.OnPage().Select(static row => row.Id)];

        Finding.AssertNone(
            from tag in Tags
            where !ids.Contains(tag.Text)
            select tag.Say($"{tag.Text} is not in {FeatureRow.Page}; SYNOD_UPDATE=1 adds its row"));
    }

    [Fact]
    public void Only_tests_carry_a_tag() =>
        Finding.AssertNone(
            from tag in Tags
            where !IsOnATest(tag)
            select tag.Say("nothing runs this method; make it a [Fact] or [Theory]"));

    [Fact]
    public void Every_feature_is_one_that_was_asked_for()
    {
        if (!File.Exists(Repository.Absolute(Requirements)))
            return;

        HashSet<string> asked =
            [.. FeatureRow.In(Repository.Read(Requirements)).Select(static row => row.Id)];

        Finding.AssertNone(
            from row in FeatureRow.OnPage()
            where !asked.Contains(row.Id)
            select row.Say("there is no such feature; mend the id"));
    }

    private static void Update()
    {
        List<string> lines = [.. Repository.Read(FeatureRow.Page).TrimEnd().Split('\n')];
        IReadOnlyList<FeatureRow> rows = FeatureRow.OnPage();
        foreach (FeatureRow row in rows)
            lines[row.Line - 1] = (row with { Tests = TestsOf(row.Id) }).ToString();

        IEnumerable<string> known = rows.Select(static row => row.Id);
        foreach (string id in Tags.Select(static tag => tag.Text).Except(known))
            lines.Insert(PlaceOf(id, lines), new FeatureRow(id, "", "", TestsOf(id), 0).ToString());

        File.WriteAllText(
            Repository.Absolute(FeatureRow.Page), string.Join('\n', lines) + "\n");
    }

    // Before the first row with a higher id, or after the table's last line.
    private static int PlaceOf(string id, List<string> lines)
    {
        FeatureRow? next = FeatureRow.In(string.Join('\n', lines))
            .FirstOrDefault(row => string.CompareOrdinal(row.Id, id) > 0);
        return next is null
            ? lines.FindLastIndex(static line => line.StartsWith('|')) + 1
            : next.Line - 1;
    }

    private static string TestsOf(string id) =>
        string.Join(
            "<br>",
            Tags.Where(tag => tag.Text == id).Select(static tag => $"`{NameOf(tag)}`").Distinct());

    private static string NameOf(Citation tag)
    {
        string type = tag.Attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Identifier.Text;
        MethodDeclarationSyntax? method =
            tag.Attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>();
        return method is null ? type : $"{type}.{method.Identifier.Text}";
    }

    private static bool IsOnATest(Citation tag) =>
        tag.Attribute.Parent?.Parent is TypeDeclarationSyntax type
            ? type.Members.OfType<MethodDeclarationSyntax>().Any(IsTest)
            : tag.Attribute.Parent?.Parent is MethodDeclarationSyntax method && IsTest(method);

    private static bool IsTest(MethodDeclarationSyntax method) =>
        method.AttributeLists
            .SelectMany(static list => list.Attributes)
            .Select(static attribute => attribute.Name.GetLastToken().ValueText)
            .Any(static name => name is "Fact" or "Theory");
}
