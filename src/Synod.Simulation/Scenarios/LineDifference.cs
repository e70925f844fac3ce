using System.Globalization;
using System.Text;

namespace Synod.Simulation;

/// <summary>Where two texts differ, line by line, as people are used to read it: lines that are
/// missing with a minus, lines that are new with a plus, and some lines around them.</summary>
internal static class LineDifference
{
    private const int Around = 3;

    /// <summary>Empty if they are equal.</summary>
    public static string Between(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        List<Edit> edits = Edits(expected, actual);
        StringBuilder text = new();
        for (int at = 0; at < edits.Count; at++)
        {
            if (edits[at].Mark == ' ')
                continue;

            int end = EndOf(edits, at);
            Append(text, edits[Math.Max(0, at - Around)..Math.Min(edits.Count, end + Around)]);
            at = end - 1;
        }

        return text.ToString();
    }

    // A part ends where so many equal lines follow that the next one begins anew.
    private static int EndOf(List<Edit> edits, int start)
    {
        int end = start;
        for (int at = start; at < edits.Count && at - end <= 2 * Around; at++)
        {
            if (edits[at].Mark != ' ')
                end = at + 1;
        }

        return end;
    }

    private static void Append(StringBuilder text, List<Edit> part)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        int missing = part.Count(static edit => edit.Mark != '+');
        int added = part.Count(static edit => edit.Mark != '-');
        text.Append(
            culture,
            $"@@ -{part[0].Expected + 1},{missing} +{part[0].Actual + 1},{added} @@\n");
        foreach (Edit edit in part)
            text.Append(edit.Mark).Append(edit.Line).Append('\n');
    }

    private static List<Edit> Edits(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        int[,] common = CommonBehind(expected, actual);
        List<Edit> edits = [];
        (int left, int right) = (0, 0);
        while (left < expected.Count || right < actual.Count)
        {
            bool isLeft = left < expected.Count;
            bool isRight = right < actual.Count;
            if (isLeft && isRight && expected[left] == actual[right])
                edits.Add(new Edit(' ', expected[left], left++, right++));
            else if (isLeft && (!isRight || common[left + 1, right] >= common[left, right + 1]))
                edits.Add(new Edit('-', expected[left], left++, right));
            else
                edits.Add(new Edit('+', actual[right], left, right++));
        }

        return edits;
    }

    // How many lines are in common behind each pair of places.
    private static int[,] CommonBehind(
        IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        int[,] common = new int[expected.Count + 1, actual.Count + 1];
        for (int left = expected.Count - 1; left >= 0; left--)
        {
            for (int right = actual.Count - 1; right >= 0; right--)
            {
                common[left, right] = expected[left] == actual[right]
                    ? common[left + 1, right + 1] + 1
                    : Math.Max(common[left + 1, right], common[left, right + 1]);
            }
        }

        return common;
    }

    private readonly record struct Edit(char Mark, string Line, int Expected, int Actual);
}
