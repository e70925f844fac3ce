using System.Globalization;
using System.Text.Json;

namespace Synod.Simulation;

/// <summary>Texts that differ only in their numbers are one pattern, and are told apart by how much
/// each number differs from that of the text before: few bytes each. Owned by who writes a
/// page.</summary>
internal sealed class ReplayTexts
{
    /// <summary>Stands in a pattern where a number is in the text.</summary>
    public const char Place = '\u0001';

    // What a script holds exactly.
    private const int DigitsMax = 15;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _patterns = [];
    private readonly List<long[]> _newest = [];
    private readonly List<int> _texts = [];
    private readonly List<long> _differences = [];
    private readonly List<long> _found = [];

    /// <summary>The next text.</summary>
    public void Add(string text)
    {
        _found.Clear();
        string pattern = PatternOf(text);
        if (!_numbers.TryGetValue(pattern, out int number))
        {
            number = _patterns.Count;
            _numbers.Add(pattern, number);
            _patterns.Add(pattern);
            _newest.Add(new long[_found.Count]);
        }

        _texts.Add(number);
        long[] newest = _newest[number];
        for (int index = 0; index < _found.Count; index++)
        {
            _differences.Add(_found[index] - newest[index]);
            newest[index] = _found[index];
        }
    }

    /// <summary>Writes all of them as properties of an object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("patterns");
        foreach (string pattern in _patterns)
            json.WriteStringValue(pattern);
        json.WriteEndArray();
        json.WriteStartArray("texts");
        foreach (int text in _texts)
            json.WriteNumberValue(text);
        json.WriteEndArray();
        json.WriteStartArray("fills");
        foreach (long difference in _differences)
            json.WriteNumberValue(difference);
        json.WriteEndArray();
    }

    // Of a word as in 65, t5, i1774 or #7, the number is taken out; other words stay, as those of
    // 16 hexadecimal digits, of which each would be a pattern of its own.
    private string PatternOf(string text)
    {
        char[] pattern = new char[text.Length];
        int length = 0;
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
                end++;
            ReadOnlySpan<char> word = text.AsSpan(at, Math.Max(1, end - at));
            at += word.Length;
            int digits = word.Length > 1 && char.IsAsciiLetter(word[0]) ? 1 : 0;
            int kept = IsNumber(word[digits..]) ? digits : word.Length;
            word[..kept].CopyTo(pattern.AsSpan(length));
            length += kept;
            if (kept == word.Length)
                continue;

            pattern[length++] = Place;
            _found.Add(long.Parse(word[digits..], NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return new string(pattern, 0, length);
    }

    private static bool IsNumber(ReadOnlySpan<char> word) =>
        word.Length is > 0 and <= DigitsMax
        && !word.ContainsAnyExceptInRange('0', '9')
        && (word.Length == 1 || word[0] != '0');
}
