using System.Globalization;
using System.Text;

namespace Synod.TestKit;

/// <summary>A violation as lines for a terminal.</summary>
internal static class ViolationText
{
    public static string Of(Violation violation)
    {
        StringBuilder text = new();
        string place = violation.Key is string key ? $"key \"{key}\"" : "all keys";
        Add($"Not linearizable as {violation.Model}, on {place}:");
        Add($"no order of the operations allows {violation.Offending.F} of process "
            + $"{violation.Offending.Process}, marked with >.");
        Section(text, "Before it", violation.Before, violation);
        text.AppendLine();
        Add("Possible states at its call:");
        foreach (string state in violation.States)
            Add($"    {state}");
        Section(
            text,
            "The smallest window that fails from each of them",
            violation.Window,
            violation);
        Section(
            text,
            "At the same time, of no help whatever came of them",
            violation.Bystanders,
            violation);
        if (!violation.IsMinimal)
        {
            text.AppendLine();
            Add("The budget was spent before all of this was made as small as it can be.");
        }

        return text.ToString();

        void Add(string line) => text.AppendLine(line);
    }

    private static void Section(
        StringBuilder text, string title, IReadOnlyList<Operation> operations, Violation violation)
    {
        if (operations.Count == 0)
            return;

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{title}:");
        foreach (Operation operation in operations)
        {
            string mark = ReferenceEquals(operation, violation.Offending) ? ">" : " ";
            string end = operation.Return is long time
                ? time.ToString(CultureInfo.InvariantCulture)
                : "?";
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {mark} {operation.Call,8} … {end,-8} ");
            text.AppendLine(
                CultureInfo.InvariantCulture, $"process {operation.Process,-4} {operation}");
        }
    }
}
