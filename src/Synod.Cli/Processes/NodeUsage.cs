using System.Globalization;

namespace Synod.Cli.Processes;

/// <summary>What a node process has used since it was started, as it says itself.</summary>
internal readonly record struct NodeUsage
{
    /// <summary>The line on its standard input by which a node is asked.</summary>
    public const string Question = "usage";

    /// <summary>The time of processors, of user and kernel.</summary>
    public TimeSpan Cpu { get; init; }

    /// <summary>All that was ever allocated.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>The memory that it holds now.</summary>
    public long WorkingSetBytes { get; init; }

    /// <summary>The turns of its shard.</summary>
    public long Turns { get; init; }

    /// <summary>The flushes of its log.</summary>
    public long Flushes { get; init; }

    /// <summary>What it sent to peers and clients.</summary>
    public long SentBytes { get; init; }

    /// <summary>What it had written to disks.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Of this process, without what a node counts.</summary>
    public static NodeUsage OfThisProcess() => new()
    {
        Cpu = Environment.CpuUsage.TotalTime,
        AllocatedBytes = GC.GetTotalAllocatedBytes(),
        WorkingSetBytes = Environment.WorkingSet,
        DiskBytes = ProcessFacts.DiskBytes(Environment.ProcessId),
    };

    /// <summary>Reads an answer; null if the line is none.</summary>
    public static NodeUsage? TryParse(string line)
    {
        string[] words = line.Split(' ');
        if (words.Length != 8 || words[0] != Question)
            return null;

        long[] numbers = new long[words.Length - 1];
        for (int place = 0; place < numbers.Length; place++)
        {
            CultureInfo culture = CultureInfo.InvariantCulture;
            if (!long.TryParse(words[place + 1], NumberStyles.None, culture, out numbers[place]))
                return null;
        }

        return new NodeUsage
        {
            Cpu = new TimeSpan(numbers[0]),
            AllocatedBytes = numbers[1],
            WorkingSetBytes = numbers[2],
            Turns = numbers[3],
            Flushes = numbers[4],
            SentBytes = numbers[5],
            DiskBytes = numbers[6],
        };
    }

    /// <summary>What was used between two moments; the memory is that of the later one.</summary>
    public static NodeUsage operator -(NodeUsage later, NodeUsage earlier) => new()
    {
        Cpu = later.Cpu - earlier.Cpu,
        AllocatedBytes = later.AllocatedBytes - earlier.AllocatedBytes,
        WorkingSetBytes = later.WorkingSetBytes,
        Turns = later.Turns - earlier.Turns,
        Flushes = later.Flushes - earlier.Flushes,
        SentBytes = later.SentBytes - earlier.SentBytes,
        DiskBytes = later.DiskBytes - earlier.DiskBytes,
    };

    /// <summary>What two processes have used.</summary>
    public static NodeUsage operator +(NodeUsage left, NodeUsage right) => new()
    {
        Cpu = left.Cpu + right.Cpu,
        AllocatedBytes = left.AllocatedBytes + right.AllocatedBytes,
        WorkingSetBytes = left.WorkingSetBytes + right.WorkingSetBytes,
        Turns = left.Turns + right.Turns,
        Flushes = left.Flushes + right.Flushes,
        SentBytes = left.SentBytes + right.SentBytes,
        DiskBytes = left.DiskBytes + right.DiskBytes,
    };

    /// <summary>The answer as one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Question} {Cpu.Ticks} {AllocatedBytes} {WorkingSetBytes} {Turns} {Flushes} {SentBytes} "
        + $"{DiskBytes}");
}
