using System.Globalization;
using System.Text.RegularExpressions;

namespace Synod.Simulation;

/// <summary>What a trace says of instances, found in its words. Of a protocol with other words it
/// finds nothing, and so of all groups but the first.</summary>
internal static partial class GraphWords
{
    private static readonly string[] Phases = ["", "pre-accepted", "accepted", "committed"];

    /// <summary>What a record says of an instance; null if it says nothing of any.</summary>
    public static GraphRecord? Record(string text)
    {
        Match match = RecordForm().Match(text);
        if (!match.Success)
            return null;

        string touches = match.Groups["touches"].Value;
        return new GraphRecord
        {
            Id = IdOf(match.Groups["id"].Value),
            Phase = Math.Max(0, Array.IndexOf(Phases, match.Groups["what"].Value)),
            Ballot = match.Groups["ballot"].Value,
            Holds = match.Groups["holds"].Value,
            Cover = match.Groups["dep"].Success ? CoverOf(match.Groups["dep"].Value) : null,
            Touches = touches.Length > 0 ? touches.Split(' ') : null,
        };
    }

    /// <summary>Which instances a command ends that a machine applies: its own, and the copies
    /// before it, which are in vain.</summary>
    public static IEnumerable<(GraphId Id, bool IsVain)> Applied(string text)
    {
        Match match = AppliedForm().Match(text);
        if (!match.Success)
            yield break;

        foreach (Capture vain in match.Groups["vain"].Captures)
            yield return (IdOf(vain.Value), true);
        yield return (IdOf(match.Groups["id"].Value), false);
    }

    private static GraphId IdOf(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        return new GraphId(
            int.Parse(text.AsSpan(1, point - 1), CultureInfo.InvariantCulture),
            long.Parse(text.AsSpan(point + 1), CultureInfo.InvariantCulture));
    }

    private static long[] CoverOf(string text) => text.Length == 0
        ? []
        : Array.ConvertAll(
            text.Split(','), static slot => long.Parse(slot, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"^(?<what>pre-accepted|accepted|promised|validated|committed|learned) (?<id>m\d+\.\d+)"
        + @"(?: (?<ballot>b[\d.m]+))?(?: (?<holds>NoOp|None|Command|Read)(?:\([^)]*\))?)?"
        + @"(?: dep \[(?<dep>[\d,]*)\])?(?: of \[[\d,]*\])?(?: touches (?<touches>.+))?$")]
    private static partial Regex RecordForm();

    [GeneratedRegex(@"^s\S+ as (?<id>m\d+\.\d+)(?: in vain(?: (?<vain>m\d+\.\d+))+)?$")]
    private static partial Regex AppliedForm();
}
