using Microsoft.Extensions.Options;
using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>Says all that is wrong with the options at once, and what to do.</summary>
public sealed class SynodOptionsValidator : IValidateOptions<SynodOptions>
{
    private const int HookQueueBytesMin = 64 << 10;
    private const int SegmentBytesMin = 8 << 20;
    private const int SegmentBytesMax = 1 << 30;

    // A quarter of a segment, in whole sectors, is the largest frame.
    private const int SegmentBytesUnit = 16384;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SynodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> faults = [.. Faults(options)];
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(SynodOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Cluster))
            yield return "Cluster is empty: give the cluster a name, the same on every node.";
        if (DirectoryFault(options) is string directory)
            yield return directory;
        if (!options.Nodes.ContainsKey(options.Node))
        {
            yield return $"Node is {options.Node}, which is none of Nodes "
                + $"({string.Join(", ", options.Nodes.Keys)}): use one of these numbers.";
        }

        foreach ((int number, string address) in options.Nodes)
        {
            if (number < 1)
                yield return $"Nodes has the number {number}: numbers begin with 1.";
            if (!Endpoints.IsAddress(address))
                yield return $"The address of node {number} is '{address}': write host:port.";
        }

        if (options.Log is not null && options.Durability != Durability.Fsync)
        {
            yield return $"Durability is {options.Durability} and Log is a log of your own, which "
                + "decides itself what it flushes: leave one of them out.";
        }

        foreach (string fault in GroupChecks.Faults(options))
            yield return fault;
        foreach (string fault in SizeFaults(options))
            yield return fault;
    }

    private static string? DirectoryFault(SynodOptions options)
    {
        bool isNamed = !string.IsNullOrWhiteSpace(options.DataDirectory);
        return options.Durability switch
        {
            Durability.Memory => isNamed
                ? $"DataDirectory is '{options.DataDirectory}' and Durability is Memory, which "
                    + "keeps nothing: leave one of them out."
                : null,
            Durability.Fsync or Durability.UnsafeNoFlush => isNamed
                ? null
                : "DataDirectory is empty: name a directory that only this node uses.",
            _ => $"Durability is {options.Durability}, which there is not.",
        };
    }

    private static IEnumerable<string> SizeFaults(SynodOptions options)
    {
        bool isSegment = options.LogSegmentBytes is >= SegmentBytesMin and <= SegmentBytesMax
            && options.LogSegmentBytes % SegmentBytesUnit == 0;
        if (!isSegment)
        {
            yield return $"LogSegmentBytes is {options.LogSegmentBytes}: use a multiple of "
                + $"{SegmentBytesUnit} from {SegmentBytesMin} to {SegmentBytesMax}.";
        }

        if (options.LogCapacityBytes < 2L * options.LogSegmentBytes)
        {
            yield return $"LogCapacityBytes is {options.LogCapacityBytes}: use at least two "
                + $"segments, {2L * options.LogSegmentBytes}.";
        }

        if (options.HookQueueBytesMax < HookQueueBytesMin)
        {
            yield return $"HookQueueBytesMax is {options.HookQueueBytesMax}: use at least "
                + $"{HookQueueBytesMin}.";
        }

        if (options.StartTimeout <= TimeSpan.Zero)
            yield return $"StartTimeout is {options.StartTimeout}: use more than zero.";
        if (options.PendingTimeMax < TimeSpan.Zero)
            yield return $"PendingTimeMax is {options.PendingTimeMax}: use zero or more.";
        if (FaultOf(options.Liveness.Validate) is string liveness)
            yield return $"Liveness: {liveness}";
        if (FaultOf(options.Lease.Validate) is string lease)
            yield return $"Lease: {lease}";
    }

    private static string? FaultOf(Action validate)
    {
        try
        {
            validate();
            return null;
        }
        catch (ArgumentException fault)
        {
            return fault.Message;
        }
    }
}
