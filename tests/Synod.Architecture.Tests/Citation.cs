using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Synod.Architecture.Tests;

/// <summary>An attribute that names a rule or a feature, and where it stands.</summary>
internal sealed record Citation(string Text, SourceFile File, AttributeSyntax Attribute)
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Constants =
        new(FindConstants);

    // Rules that several protocols share have one text.
    private static readonly Lazy<IReadOnlyDictionary<string, MemberAccessExpressionSyntax>>
        Aliases = new(FindAliases);

    /// <summary>Every use of an attribute below a folder; constants become their text.</summary>
    public static IEnumerable<Citation> Of(string attribute, string folder) =>
        from file in SourceFile.In(folder)
        from use in file.Nodes<AttributeSyntax>()
        where use.Name.GetLastToken().ValueText == attribute
        let argument = use.ArgumentList?.Arguments.FirstOrDefault()?.Expression
        where argument is not null
        select new Citation(TextOf(argument), file, use);

    public Finding Say(string advice) => File.At(Attribute, advice);

    private static string TextOf(ExpressionSyntax argument) =>
        argument switch
        {
            LiteralExpressionSyntax literal => literal.Token.ValueText,
            MemberAccessExpressionSyntax member => ValueOf(member),
            _ => argument.ToString(),
        };

    private static string ValueOf(MemberAccessExpressionSyntax member)
    {
        string name = NameOf(member);
        return Aliases.Value.TryGetValue(name, out MemberAccessExpressionSyntax? other)
            ? ValueOf(other)
            : Constants.Value.GetValueOrDefault(name, name);
    }

    private static string NameOf(MemberAccessExpressionSyntax member) =>
        $"{member.Expression.GetLastToken().ValueText}.{member.Name}";

    private static Dictionary<string, string> FindConstants() =>
        (from constant in Values()
         let value = TextOrNothing(constant.Value)
         where value is not null
         select (constant.Name, Value: value))
        .DistinctBy(static constant => constant.Name)
        .ToDictionary(static constant => constant.Name, static constant => constant.Value);

    private static Dictionary<string, MemberAccessExpressionSyntax> FindAliases() =>
        (from constant in Values()
         let other = constant.Value as MemberAccessExpressionSyntax
         where other is not null
         select (constant.Name, Value: other))
        .DistinctBy(static constant => constant.Name)
        .ToDictionary(static constant => constant.Name, static constant => constant.Value);

    private static IEnumerable<(string Name, ExpressionSyntax? Value)> Values() =>
        from file in SourceFile.All
        from field in file.Nodes<FieldDeclarationSyntax>()
        let type = (field.Parent as BaseTypeDeclarationSyntax)?.Identifier.ValueText
        from variable in field.Declaration.Variables
        select ($"{type}.{variable.Identifier.ValueText}", variable.Initializer?.Value);

    // A long rule is a sum of literals on several lines.
    private static string? TextOrNothing(ExpressionSyntax? value) =>
        value switch
        {
            LiteralExpressionSyntax literal => literal.Token.ValueText,
            BinaryExpressionSyntax sum => TextOrNothing(sum.Left) + TextOrNothing(sum.Right),
            _ => null,
        };
}
