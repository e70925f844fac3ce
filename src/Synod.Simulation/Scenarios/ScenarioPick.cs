using System.Globalization;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Which of the frames on their way are meant: of one way, or of many; the oldest, some, a
/// certain one, or all.</summary>
internal sealed record ScenarioPick(MemberSet From, MemberSet To)
{
    public const string Usage = "all | FROM TO [COUNT|all|#PLACE]";

    private int First { get; init; } = 1;

    /// <summary>How many; null for all there are, also if there are none.</summary>
    private int? Count { get; init; } = 1;

    public static ScenarioPick Parse(ScenarioWords words)
    {
        if (words.Take("all"))
        {
            words.End();
            MemberSet everybody = MemberSet.All(MemberSet.MembersMax);
            return new ScenarioPick(everybody, everybody) { Count = null };
        }

        ScenarioPick link = new(words.MemberOrAny(), words.MemberOrAny());
        if (words.IsEmpty)
            return link;

        ScenarioPick pick = ParseWhich(link, words.Word("COUNT"));
        words.End();
        return pick;
    }

    /// <summary>The frames that are meant, oldest first.</summary>
    public IReadOnlyList<GroupFlight> Among(IEnumerable<GroupFlight> flights)
    {
        GroupFlight[] found =
            [.. flights.Where(flight => From.Contains(flight.From) && To.Contains(flight.To))];
        if (Count is not int count)
            return found;

        if (found.Length < First - 1 + count)
        {
            throw new ScenarioFault(
                $"{found.Length} frames are on this way, and {First - 1 + count} are needed");
        }

        return found[(First - 1)..(First - 1 + count)];
    }

    private static ScenarioPick ParseWhich(ScenarioPick link, string word)
    {
        if (word == "all")
            return link with { Count = null };

        bool isPlace = word[0] == '#';
        bool isNumber = int.TryParse(
            isPlace ? word[1..] : word,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int number);
        if (!isNumber || number is < 1 or > 1000)
            throw new ScenarioFault($"'{word}' is no choice of frames: use 1 to 1000, #1 or all");
        return isPlace ? link with { First = number } : link with { Count = number };
    }
}
