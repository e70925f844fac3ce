using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Synod.Architecture.Tests;

/// <summary>The sizes and habits every C# file keeps. The limits only ever go down.</summary>
public class TidyTests
{
    private const int FileLinesMax = 400;
    private const int LineColumnsMax = 100;
    private const int TypesPerFileMax = 1;

    private static readonly string[] Leftovers =
        ["TODO", "FIXME", "HACK", "NotImplementedException"];

    [Fact]
    public void Files_are_short() =>
        Finding.AssertNone(
            from file in SourceFile.All
            let count = file.Lines.Length - 1
            where count > FileLinesMax
                && !TidyException.Allows(TidyException.FileLines, file.Path)
            select new Finding(
                file.Path, FileLinesMax, $"{count} lines; split it by phase or role"));

    [Fact]
    public void Lines_fit_the_column_limit() =>
        Finding.AssertNone(
            from file in SourceFile.All
            from line in Enumerable.Range(0, file.Lines.Length)
            let length = file.Lines[line].TrimEnd('\r').Length
            where length > LineColumnsMax
            select new Finding(
                file.Path, line + 1, $"{length} columns; wrap it by hand ({LineColumnsMax})"));

    [Fact]
    public void A_file_holds_one_top_level_type() =>
        Finding.AssertNone(
            from file in SourceFile.All
            where !file.Path.EndsWith("Messages.cs", StringComparison.Ordinal)
                && !file.Path.EndsWith("Records.cs", StringComparison.Ordinal)
                && !TidyException.Allows(TidyException.TypesPerFile, file.Path)
            from type in TopLevelTypes(file).Skip(TypesPerFileMax)
            select file.At(type, "a second top-level type; give it a file of its own"));

    [Fact]
    public void There_are_no_regions() =>
        Finding.AssertNone(
            from file in SourceFile.All
            from region in file.Nodes<RegionDirectiveTriviaSyntax>()
            select file.At(region, "a region hides a type that is too large; split the type"));

    [Fact]
    public void There_are_no_leftovers() =>
        Finding.AssertNone(
            from file in SourceFile.All
            from found in Comments(file).Concat(Names(file))
            from word in Leftovers
            where found.Text.Contains(word, StringComparison.Ordinal)
            select file.At(found.Place, $"{word} is left over; do it now or open an issue"));

    [Fact]
    public void Nothing_waits_for_a_fixed_time() =>
        Finding.AssertNone(
            from file in SourceFile.All
            from call in file.Nodes<InvocationExpressionSyntax>()
            where IsCall(call, "Thread", "Sleep")
                || (IsCall(call, "Task", "Delay") && BeginsWithNumber(call))
            select file.At(call, "await an event, or a timer of the TimeProvider"));

    [Fact]
    public void No_warning_is_disabled_in_code() =>
        Finding.AssertNone(
            from file in SourceFile.All
            from pragma in file.Nodes<PragmaWarningDirectiveTriviaSyntax>()
            where pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword)
            select file.At(pragma, "mend the code; rules are off in .editorconfig alone"));

    [Fact]
    public void Null_is_never_waved_through_outside_tests() =>
        Finding.AssertNone(
            from file in SourceFile.All
            where !file.Path.StartsWith("tests/", StringComparison.Ordinal)
            from forgiven in file.Nodes<PostfixUnaryExpressionSyntax>()
            where forgiven.IsKind(SyntaxKind.SuppressNullableWarningExpression)
            select file.At(forgiven, "`!` hides a null; check it, or change the type"));

    [Fact]
    public void Every_exception_from_a_limit_has_a_reason_and_a_use() =>
        Finding.AssertNone(
            from exception in TidyException.All
            where exception.Reason.Length == 0
                || !SourceFile.All.Any(file => exception.Matches(
                    exception.Limit, file.Path, exception.Member))
            select new Finding(
                "tests/Synod.Architecture.Tests/TidyException.cs",
                1,
                $"'{exception.Path}' has no reason, or matches no file; mend or remove the line"));

    private static IEnumerable<SyntaxNode> TopLevelTypes(SourceFile file) =>
        file.Root
            .DescendantNodes(static node =>
                node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Where(static node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static IEnumerable<(string Text, Location Place)> Comments(SourceFile file) =>
        from trivia in file.Root.DescendantTrivia()
        let text = trivia.ToFullString()
        where text.StartsWith("//", StringComparison.Ordinal)
            || text.StartsWith("/*", StringComparison.Ordinal)
        select (text, trivia.GetLocation());

    private static IEnumerable<(string Text, Location Place)> Names(SourceFile file) =>
        from name in file.Nodes<IdentifierNameSyntax>()
        select (name.Identifier.ValueText, name.GetLocation());

    private static bool IsCall(InvocationExpressionSyntax call, string type, string method) =>
        call.Expression is MemberAccessExpressionSyntax access
        && access.Name.Identifier.ValueText == method
        && access.Expression.GetLastToken().ValueText == type;

    private static bool BeginsWithNumber(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.FirstOrDefault()?.Expression is LiteralExpressionSyntax;
}
