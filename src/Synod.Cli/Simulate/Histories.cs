using System.Globalization;
using Synod.Simulation;

namespace Synod.Cli.Simulate;

/// <summary>Histories of runs as files.</summary>
internal static class Histories
{
    public static void Write(string? folder, SimulationReport report)
    {
        if (folder is null)
            return;

        Directory.CreateDirectory(folder);
        string name = string.Create(CultureInfo.InvariantCulture, $"seed-{report.Seed}.jsonl");
        using StreamWriter writer = new(Path.Combine(folder, name));
        report.History.WriteTo(writer);
    }
}
