using System.Globalization;

namespace Synod.Cli.Processes;

/// <summary>What the system counts of a process of the same user.</summary>
internal static class ProcessFacts
{
    private const string Written = "write_bytes:";

    /// <summary>The bytes that it had written to disks, not only to the memory of the system; zero
    /// where that is not counted.</summary>
    public static long DiskBytes(int process)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/io");
        if (!File.Exists(file))
            return 0;

        string? line = File.ReadLines(file).FirstOrDefault(static line =>
            line.StartsWith(Written, StringComparison.Ordinal));
        return line is null
            ? 0
            : long.Parse(line.AsSpan(Written.Length), CultureInfo.InvariantCulture);
    }
}
