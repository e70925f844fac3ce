namespace Synod.Architecture.Tests;

/// <summary>The pages are read by people: links lead somewhere, examples compile.</summary>
public class DocsTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file() =>
        Finding.AssertNone(
            from page in MarkdownFile.All()
            from link in page.Links
            where IsRelative(link.Target) && !Leads(page, link.Target)
            select new Finding(page.Path, link.Line, $"'{link.Target}' leads nowhere"));

    [Fact]
    public void A_page_has_one_title() =>
        Finding.AssertNone(
            from page in MarkdownFile.All()
            let titles = page.Headings.Where(static heading => heading.Level == 1).ToArray()
            where titles.Length != 1
            select new Finding(
                page.Path,
                titles.LastOrDefault(new MarkdownFile.Heading(1, "", 1)).Line,
                $"{titles.Length} titles; a page has one line that begins with a single '#'"));

    [Fact]
    public void Every_example_is_compiled_code()
    {
        ILookup<string, Snippet> snippets = Snippet.All().ToLookup(static snippet => snippet.Name);

        Finding.AssertNone(
            from page in MarkdownFile.All()
            from fence in page.Fences
            where fence.Language is "csharp" or "cs" or "c#"
            let snippet = snippets[fence.Snippet].FirstOrDefault()
            where snippet?.Code != fence.Code
            select new Finding(page.Path, fence.Line, Advice(fence, snippet)));
    }

    [Fact]
    public void A_snippet_has_a_name_of_its_own() =>
        Finding.AssertNone(
            from same in Snippet.All().GroupBy(static snippet => snippet.Name)
            from snippet in same.Skip(1)
            select new Finding(
                snippet.Path, snippet.Line, $"snippet '{snippet.Name}' exists; rename this one"));

    private static bool IsRelative(string target) =>
        !target.StartsWith('#') && !target.Contains(':', StringComparison.Ordinal);

    private static bool Leads(MarkdownFile page, string target)
    {
        string folder = Path.GetDirectoryName(Repository.Absolute(page.Path)) ?? "";
        string path = Path.Combine(folder, target.Split('#')[0]);
        return File.Exists(path) || Directory.Exists(path);
    }

    private static string Advice(MarkdownFile.Fence fence, Snippet? snippet) =>
        (fence.Snippet, snippet) switch
        {
            ("", _) => "write <!-- snippet: name --> above, and mark that span in samples or tests",
            (_, null) => $"no code is marked `// snippet: {fence.Snippet}` in samples or tests",
            _ => $"differs from {snippet.Path}:{snippet.Line}; copy the code from there",
        };
}
