using System.Runtime;
using System.Runtime.InteropServices;
using Synod.Hosting;

namespace Synod.Cli.Bench;

/// <summary>What must stand beside every number: the machine, and what it can do at best.</summary>
internal sealed record MachineFacts
{
    public required string Processor { get; init; }

    public required int Processors { get; init; }

    public required string System { get; init; }

    public required string Framework { get; init; }

    /// <summary>Writing and flushing 4096 bytes, alone.</summary>
    public required TimeSpan Flush { get; init; }

    /// <summary>The same while as many do it as there are nodes.</summary>
    public required TimeSpan FlushTogether { get; init; }

    /// <summary>One byte to and fro over TCP on loopback.</summary>
    public required TimeSpan RoundTrip { get; init; }

    /// <summary>What a durable command needs at the least: two round trips and a flush.</summary>
    public TimeSpan Floor => (2 * RoundTrip) + FlushTogether;

    public static async Task<MachineFacts> MeasureAsync(
        string directory, int nodes, CancellationToken cancellation) => new()
        {
            Processor = ProcessorName(),
            Processors = Environment.ProcessorCount,
            System = RuntimeInformation.OSDescription,
            Framework = $"{RuntimeInformation.FrameworkDescription}, "
                + (GCSettings.IsServerGC ? "server GC" : "workstation GC"),
            Flush = MachineProbe.Flush(directory),
            FlushTogether = MachineProbe.FlushTogether(directory, nodes),
            RoundTrip = await MachineProbe.RoundTripAsync(cancellation),
        };

    private static string ProcessorName()
    {
        const string Facts = "/proc/cpuinfo";
        string? line = File.Exists(Facts)
            ? File.ReadLines(Facts).FirstOrDefault(static line => line.StartsWith(
                "model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
