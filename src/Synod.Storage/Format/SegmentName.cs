using System.Globalization;

namespace Synod.Storage;

/// <summary>Which segment a file is: its place in the log, from 1, and how often the file was used,
/// from 1.</summary>
internal readonly record struct SegmentName(long Sequence, uint Generation)
{
    private const string Suffix = ".log";
    private const int SequenceDigits = 12;
    private const int GenerationDigits = 4;
    private const uint GenerationMax = 9999;

    public static SegmentName First => new(1, 1);

    public SegmentName Next() => new(Sequence + 1, 1);

    /// <summary>The name of the same file for another place in the log. The number alone is unique
    /// already, so after the last generation that four digits can say comes the first
    /// again.</summary>
    public SegmentName RecycledAs(long sequence) =>
        new(sequence, Generation >= GenerationMax ? 1 : Generation + 1);

    /// <summary>Reads the name of a file; false if it is not that of a segment.</summary>
    public static bool TryParse(string file, out SegmentName name)
    {
        name = default;
        int length = SequenceDigits + 1 + GenerationDigits + Suffix.Length;
        if (file.Length != length || !file.EndsWith(Suffix, StringComparison.Ordinal)
            || file[SequenceDigits] != '-')
        {
            return false;
        }

        ReadOnlySpan<char> text = file;
        if (!TryParse(text[..SequenceDigits], out long sequence)
            || !TryParse(text.Slice(SequenceDigits + 1, GenerationDigits), out long generation))
        {
            return false;
        }

        name = new SegmentName(sequence, (uint)generation);
        return sequence > 0 && generation > 0;
    }

    /// <summary>As in <c>000000000001-0001.log</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Sequence:D12}-{Generation:D4}{Suffix}");

    private static bool TryParse(ReadOnlySpan<char> digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
