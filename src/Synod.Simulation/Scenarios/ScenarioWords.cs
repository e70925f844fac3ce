using System.Globalization;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The words of a line, read from left to right; what is not as asked for is a
/// fault.</summary>
internal sealed class ScenarioWords
{
    private readonly List<string> _words;
    private readonly int _members;
    private int _next;

    public ScenarioWords(string line, int members)
    {
        _words = Split(line);
        _members = members;
    }

    public bool IsEmpty => _next == _words.Count;

    /// <summary>The next word, whatever it is.</summary>
    public string Word(string what)
    {
        if (IsEmpty)
            throw new ScenarioFault($"{what} is missing");
        return _words[_next++];
    }

    /// <summary>Takes the word if it is the next one.</summary>
    public bool Take(string word)
    {
        if (IsEmpty || _words[_next] != word)
            return false;

        _next++;
        return true;
    }

    public void Require(string word)
    {
        if (!Take(word))
            throw new ScenarioFault($"'{word}' is missing");
    }

    /// <summary>Nothing may follow.</summary>
    public void End()
    {
        if (!IsEmpty)
            throw new ScenarioFault($"'{_words[_next]}' is one word too many");
    }

    public long Number(string what, long min, long max)
    {
        string word = Word(what);
        bool isNumber = long.TryParse(
            word, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        if (!isNumber || number < min || number > max)
            throw new ScenarioFault($"{what} is '{word}': use {min} to {max}");
        return number;
    }

    public Member Member()
    {
        string word = Word("a member");
        return TryMember(word) ?? throw new ScenarioFault(
            $"'{word}' is no member: use {string.Join(", ", Names())}");
    }

    /// <summary>Takes the next word if it names a request.</summary>
    public RequestId? TakeRequest()
    {
        bool isRequest = !IsEmpty && _words[_next].StartsWith('q');
        if (!isRequest)
            return null;

        bool isNumber = int.TryParse(
            _words[_next][1..], NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (!isNumber)
            throw new ScenarioFault($"'{_words[_next]}' is no request, as in q1");
        _next++;
        return new RequestId(number);
    }

    /// <summary>A member, or all of them for <c>*</c>.</summary>
    public MemberSet MemberOrAny() =>
        Take("*") ? MemberSet.All(_members) : MemberSet.Of(Member());

    /// <summary>All members up to the end of the line or to a bar; all of them if there is
    /// none.</summary>
    public MemberSet Members()
    {
        MemberSet members = default;
        while (!IsEmpty && _words[_next] != "|")
            members = members.With(Member());
        return members.IsEmpty ? MemberSet.All(_members) : members;
    }

    /// <summary>A word in quotes.</summary>
    public string Quoted()
    {
        string word = Word("a command in quotes");
        if (word is not ['"', .., '"'])
            throw new ScenarioFault($"'{word}' is no command in quotes, as in \"a\"");
        return word[1..^1];
    }

    public TimeSpan Time()
    {
        string word = Word("a time");
        int digits = word.TakeWhile(char.IsAsciiDigit).Count();
        bool isShort = digits is > 0 and < 7;
        int number = isShort ? int.Parse(word[..digits], CultureInfo.InvariantCulture) : 0;
        return word[digits..] switch
        {
            "ms" when isShort => TimeSpan.FromMilliseconds(number),
            "s" when isShort => TimeSpan.FromSeconds(number),
            _ => throw new ScenarioFault($"'{word}' is no time: write 150ms or 2s"),
        };
    }

    /// <summary>One of these words.</summary>
    public T OneOf<T>(string what, params ReadOnlySpan<(string Word, T Value)> values)
    {
        string word = Word(what);
        List<string> allowed = [];
        foreach ((string name, T value) in values)
        {
            if (name == word)
                return value;
            allowed.Add(name);
        }

        throw new ScenarioFault($"{what} is '{word}': use {string.Join(", ", allowed)}");
    }

    private Member? TryMember(string word) =>
        Enumerable.Range(0, _members)
            .Select(static index => (Member?)new Member((byte)index))
            .FirstOrDefault(member => member.ToString() == word);

    private IEnumerable<string> Names() =>
        Enumerable.Range(0, _members).Select(static index => $"{new Member((byte)index)}");

    // A comment may follow behind the words; quotes hold words together.
    private static List<string> Split(string line)
    {
        List<string> words = [];
        int at = 0;
        while (at < line.Length)
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }

            if (line[at] == '#' && at > 0 && !IsPlace(line, at))
                break;

            bool isQuoted = line[at] == '"';
            int end = line.IndexOf(isQuoted ? '"' : ' ', at + 1);
            if (isQuoted && end < 0)
                throw new ScenarioFault("a quote is not closed");
            end = end < 0 ? line.Length : end + (isQuoted ? 1 : 0);
            words.Add(line[at..end]);
            at = end;
        }

        return words;
    }

    private static bool IsPlace(string line, int at) =>
        at + 1 < line.Length && char.IsAsciiDigit(line[at + 1]);
}
