using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Synod.Kernel;

/// <summary>Checks that stay on in Release and cite the rule they guard.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantBrokenException"/> unless the condition holds.</summary>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        string rule,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
            Broken(rule, expression);
    }

    /// <summary>The same, with a text that says where; it is built only on failure.</summary>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        string rule,
        [InterpolatedStringHandlerArgument(nameof(condition))] InvariantDetail detail)
    {
        if (!condition)
            Broken(rule, detail.ToStringAndClear());
    }

    [DoesNotReturn]
    private static void Broken(string rule, string expression) =>
        throw new InvariantBrokenException(rule, expression);
}
