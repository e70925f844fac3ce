using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Synod.Architecture.Tests;

/// <summary>A C# file of the repository, parsed once per test run.</summary>
internal sealed class SourceFile
{
    private static readonly string[] Folders = ["src", "samples", "tests", "bench"];

    private static readonly CSharpParseOptions Options =
        new(LanguageVersion.Latest, DocumentationMode.Parse, SourceCodeKind.Regular, ["DEBUG"]);

    private static readonly Lazy<IReadOnlyList<SourceFile>> Parsed = new(
        static () => [.. Folders.SelectMany(Below).Select(static path => new SourceFile(path))]);

    private SourceFile(string path)
    {
        Path = path;
        Lines = Repository.Read(path).Split('\n');
        Tree = CSharpSyntaxTree.ParseText(string.Join('\n', Lines), Options, path);
        Root = Tree.GetRoot();
    }

    public static IReadOnlyList<SourceFile> All => Parsed.Value;

    public string Path { get; }

    public string[] Lines { get; }

    public SyntaxTree Tree { get; }

    public SyntaxNode Root { get; }

    public static IEnumerable<SourceFile> In(string folder) =>
        All.Where(file => file.Path.StartsWith($"{folder}/", StringComparison.Ordinal));

    public IEnumerable<T> Nodes<T>()
        where T : SyntaxNode =>
        Root.DescendantNodes(descendIntoTrivia: true).OfType<T>();

    public Finding At(SyntaxNode node, string advice) => At(node.GetLocation(), advice);

    public Finding At(Location location, string advice) => new(Path, LineOf(location), advice);

    public static int LineOf(Location location) =>
        location.GetLineSpan().StartLinePosition.Line + 1;

    private static IReadOnlyList<string> Below(string folder) => Repository.Files(folder, "*.cs");
}
