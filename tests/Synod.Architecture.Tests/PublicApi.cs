using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Synod.Architecture.Tests;

/// <summary>The public surface of an assembly as text, one type per paragraph.</summary>
internal static class PublicApi
{
    private const SymbolDisplayMiscellaneousOptions Spelling =
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
        | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral
        | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers;

    private const SymbolDisplayParameterOptions Parameters =
        SymbolDisplayParameterOptions.IncludeType
        | SymbolDisplayParameterOptions.IncludeName
        | SymbolDisplayParameterOptions.IncludeModifiers
        | SymbolDisplayParameterOptions.IncludeExtensionThis
        | SymbolDisplayParameterOptions.IncludeDefaultValue;

    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle:
            SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        parameterOptions: Parameters,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: Spelling);

    private static readonly SymbolDisplayFormat BaseFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: Spelling);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeConstantValue,
        kindOptions: SymbolDisplayKindOptions.IncludeMemberKeyword,
        parameterOptions: Parameters,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: Spelling);

    public static string Of(string assembly)
    {
        IEnumerable<INamedTypeSymbol> types = TypesOf(Load(assembly).GlobalNamespace)
            .Where(IsVisible)
            .OrderBy(static type => type.ToDisplayString(), StringComparer.Ordinal);

        return string.Join('\n', types.Select(Paragraph));
    }

    private static IAssemblySymbol Load(string assembly)
    {
        // Everything the test process could load: the framework and every project under src.
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        MetadataReference[] references =
        [
            .. trusted.Split(Path.PathSeparator)
                .Select(static path => MetadataReference.CreateFromFile(path)),
        ];
        CSharpCompilation compilation = CSharpCompilation.Create("Api", references: references);

        return compilation.SourceModule.ReferencedAssemblySymbols
            .First(symbol => symbol.Name == assembly);
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container) =>
        container.GetMembers().SelectMany(static member => member switch
        {
            INamedTypeSymbol type => TypesOf(type).Prepend(type),
            INamespaceSymbol inner => TypesOf(inner),
            _ => [],
        });

    private static string Paragraph(INamedTypeSymbol type)
    {
        IEnumerable<string> members = type.GetMembers()
            .Where(IsWritten)
            .Select(static member =>
                $"    {InterfaceModifier(member)}{member.ToDisplayString(MemberFormat)}\n");

        return Header(type) + string.Concat(InOrder(type, members));
    }

    // An enum keeps the order of its values; everything else is sorted.
    private static IEnumerable<string> InOrder(
        INamedTypeSymbol type, IEnumerable<string> members) =>
        type.TypeKind switch
        {
            TypeKind.Enum => members,
            TypeKind.Delegate => [],
            _ => members.Order(StringComparer.Ordinal),
        };

    private static string Header(INamedTypeSymbol type)
    {
        string name = type.ToDisplayString(TypeFormat);
        string bases = string.Join(
            ", ",
            BasesOf(type)
                .Select(static other => other.ToDisplayString(BaseFormat))
                .Order(StringComparer.Ordinal));
        string suffix = bases.Length == 0 ? "" : $" : {bases}";
        return $"public {Modifiers(type)}{name}{suffix}\n";
    }

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type) =>
        type.TypeKind switch
        {
            TypeKind.Enum when type.EnumUnderlyingType is { } number => [number],
            TypeKind.Delegate or TypeKind.Enum => [],
            TypeKind.Class when type.BaseType is { SpecialType: SpecialType.None } parent =>
                type.Interfaces.Where(IsVisible).Prepend(parent),
            _ => type.Interfaces.Where(IsVisible),
        };

    private static string Modifiers(INamedTypeSymbol type) =>
        type switch
        {
            { TypeKind: not TypeKind.Class } => "",
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };

    // The display format leaves these out, though an implementer must know them.
    private static string InterfaceModifier(ISymbol member) =>
        member switch
        {
            { ContainingType.TypeKind: not TypeKind.Interface } => "",
            { IsStatic: true, IsAbstract: true } => "static abstract ",
            { IsStatic: true } => "static ",
            { IsAbstract: false } => "virtual ",
            _ => "",
        };

    private static bool IsWritten(ISymbol member) =>
        member is not INamedTypeSymbol
        && IsVisible(member)
        && !IsCompilerGenerated(member)
        && member is not IMethodSymbol { AssociatedSymbol: not null }
        && member is not IMethodSymbol { MethodKind: MethodKind.Destructor }
        && !(member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 }
            && member.ContainingType.IsValueType)
        && !(member is IFieldSymbol { Name: "value__" });

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility
            is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is null || IsVisible(symbol.ContainingType));

    private static bool IsCompilerGenerated(ISymbol symbol) =>
        symbol.GetAttributes().Any(static attribute =>
            attribute.AttributeClass?.Name == "CompilerGeneratedAttribute");
}
