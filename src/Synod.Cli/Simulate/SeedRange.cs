using System.CommandLine.Parsing;
using System.Globalization;

namespace Synod.Cli.Simulate;

/// <summary>Seeds from the first to the last.</summary>
internal readonly record struct SeedRange(ulong First, ulong Last)
{
    private const ulong CountMax = 10_000_000;

    public int Count => checked((int)(Last - First + 1));

    public static SeedRange Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] parts = text.Split("..");
        SeedRange range = default;
        bool isRange = parts.Length == 2
            && TryParse(parts[0], out ulong first)
            && TryParse(parts[1], out ulong last)
            && (range = new SeedRange(first, last)).IsPossible;
        if (!isRange)
        {
            result.AddError(
                $"--seeds is '{text}': use A..B with whole numbers, A not above B, and at most "
                + $"{CountMax} seeds, as in 1..1000.");
        }

        return range;
    }

    /// <summary>As it is written, as in <c>1..1000</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{First}..{Last}");

    private bool IsPossible => First <= Last && Last - First < CountMax;

    private static bool TryParse(string text, out ulong seed) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
