using System.Globalization;
using System.Text;

namespace Synod.TestKit;

/// <summary>What the suite has found: one result for each case, the first broken one if there is
/// any.</summary>
public sealed record LogConformanceReport(IReadOnlyList<LogCaseResult> Results)
{
    /// <summary>Whether no promise is broken. Look at what was skipped, too.</summary>
    public bool IsKept =>
        Results.All(static result => result.Outcome != LogCaseOutcome.Broken);

    /// <summary>One line for each case, and one with the sums.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (LogCaseResult result in Results)
            text.AppendLine(CultureInfo.InvariantCulture, $"{result}");
        return text.Append(CultureInfo.InvariantCulture,
            $"{Count(LogCaseOutcome.Kept)} kept, {Count(LogCaseOutcome.Skipped)} skipped, "
            + $"{Count(LogCaseOutcome.Broken)} broken").ToString();
    }

    private int Count(LogCaseOutcome outcome) =>
        Results.Count(result => result.Outcome == outcome);
}
