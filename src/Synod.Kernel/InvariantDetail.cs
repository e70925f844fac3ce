using System.Globalization;
using System.Runtime.CompilerServices;

namespace Synod.Kernel;

/// <summary>Makes the text of an <see cref="Invariant"/> from an interpolated string, and only if
/// the condition does not hold: a check that holds neither evaluates nor allocates.</summary>
[InterpolatedStringHandler]
public ref struct InvariantDetail
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Called by the compiler.</summary>
    public InvariantDetail(
        int literalLength, int formattedCount, bool condition, out bool isWanted)
    {
        isWanted = !condition;
        if (isWanted)
            _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format) =>
        _text.AppendFormatted(value, format);

    internal string ToStringAndClear() => _text.ToStringAndClear();
}
