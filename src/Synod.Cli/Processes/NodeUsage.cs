using System.Globalization;

namespace Synod.Cli.Processes;

/// <summary>What a node process has used since it was started, as it says itself.</summary>
/// <param name="Cpu">The time of processors, of user and kernel.</param>
/// <param name="AllocatedBytes">All that was ever allocated.</param>
/// <param name="WorkingSetBytes">The memory that it holds now.</param>
internal readonly record struct NodeUsage(TimeSpan Cpu, long AllocatedBytes, long WorkingSetBytes)
{
    /// <summary>The line on its standard input by which a node is asked.</summary>
    public const string Question = "usage";

    /// <summary>Of this process.</summary>
    public static NodeUsage OfThisProcess() => new(
        Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Environment.WorkingSet);

    /// <summary>Reads an answer; null if the line is none.</summary>
    public static NodeUsage? TryParse(string line)
    {
        string[] words = line.Split(' ');
        bool isAnswer = words.Length == 4 && words[0] == Question;
        return isAnswer
            && TryParse(words[1], out long ticks)
            && TryParse(words[2], out long allocated)
            && TryParse(words[3], out long workingSet)
                ? new NodeUsage(new TimeSpan(ticks), allocated, workingSet)
                : null;
    }

    /// <summary>What was used between two moments; the memory is that of the later one.</summary>
    public static NodeUsage operator -(NodeUsage later, NodeUsage earlier) => new(
        later.Cpu - earlier.Cpu,
        later.AllocatedBytes - earlier.AllocatedBytes,
        later.WorkingSetBytes);

    /// <summary>What two processes have used.</summary>
    public static NodeUsage operator +(NodeUsage left, NodeUsage right) => new(
        left.Cpu + right.Cpu,
        left.AllocatedBytes + right.AllocatedBytes,
        left.WorkingSetBytes + right.WorkingSetBytes);

    /// <summary>The answer as one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Question} {Cpu.Ticks} {AllocatedBytes} {WorkingSetBytes}");

    private static bool TryParse(string word, out long value) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
