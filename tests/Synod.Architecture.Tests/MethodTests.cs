using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Synod.Architecture.Tests;

/// <summary>How large a method may be, and how much it may be given.</summary>
public class MethodTests
{
    private const int MethodLinesMax = 40;
    private const int ParametersMax = 4;

    [Fact]
    public void Methods_are_short() =>
        Finding.AssertNone(
            from file in SourceFile.All
            from method in file.Root.DescendantNodes().Where(HasBody)
            let count = LinesOf(method)
            where count > MethodLinesMax
                && !TidyException.Allows(TidyException.MethodLines, file.Path, NameOf(method))
            select file.At(
                FirstPart(method).GetLocation()!,
                $"{NameOf(method)} has {count} lines; name its parts ({MethodLinesMax})"));

    [Fact]
    public void Methods_take_few_parameters() =>
        Finding.AssertNone(
            from file in SourceFile.All
            from list in file.Nodes<ParameterListSyntax>()
            let owner = list.Parent
            where list.Parameters.Count > ParametersMax
                && IsOurChoice(owner)
                && !TidyException.Allows(TidyException.Parameters, file.Path, NameOf(owner))
            select file.At(
                list,
                $"{NameOf(owner)} takes {list.Parameters.Count} parameters; "
                + $"group them in a record ({ParametersMax})"));

    private static bool HasBody(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax
            or LocalFunctionStatementSyntax
            or AccessorDeclarationSyntax;

    // A primary constructor lists what the type holds, and an override repeats another's choice.
    private static bool IsOurChoice(SyntaxNode? owner) =>
        owner switch
        {
            MethodDeclarationSyntax method =>
                !method.Modifiers.Any(SyntaxKind.OverrideKeyword) && !IsExtern(method),
            ConstructorDeclarationSyntax constructor =>
                constructor.Parent is not RecordDeclarationSyntax,
            DelegateDeclarationSyntax or LocalFunctionStatementSyntax => true,
            _ => false,
        };

    // A native function has the parameters its library gave it.
    private static bool IsExtern(MethodDeclarationSyntax method) =>
        method.Modifiers.Any(SyntaxKind.ExternKeyword)
        || method.AttributeLists.ToString().Contains("LibraryImport", StringComparison.Ordinal);

    // Attributes are not counted.
    private static int LinesOf(SyntaxNode method)
    {
        TextSpan span = TextSpan.FromBounds(FirstPart(method).SpanStart, method.Span.End);
        LinePositionSpan lines = method.SyntaxTree.GetLineSpan(span).Span;
        return lines.End.Line - lines.Start.Line + 1;
    }

    private static SyntaxNodeOrToken FirstPart(SyntaxNode method) =>
        method.ChildNodesAndTokens().First(static part => !part.IsKind(SyntaxKind.AttributeList));

    private static string NameOf(SyntaxNode? owner) =>
        owner switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
            LocalFunctionStatementSyntax local => local.Identifier.ValueText,
            DelegateDeclarationSyntax type => type.Identifier.ValueText,
            AccessorDeclarationSyntax accessor => accessor.Keyword.ValueText,
            OperatorDeclarationSyntax operation => operation.OperatorToken.ValueText,
            _ => "function",
        };
}
