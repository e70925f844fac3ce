using Synod.Kernel;
using Synod.Raft;

namespace Synod.Hosting;

/// <summary>The protocols by name: the only place that knows them all.</summary>
public static class Protocols
{
    /// <summary>The names that <see cref="SynodOptions.Protocol"/> can have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["raft"];

    /// <summary>A protocol by its name, with its options.</summary>
    /// <exception cref="ArgumentException">There is no protocol of this name, or an option of it is
    /// out of its range.</exception>
    public static IProtocol Create(SynodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Protocol switch
        {
            "raft" => new RaftProtocol(options.Raft),
            _ => throw new ArgumentException($"There is no protocol '{options.Protocol}'."),
        };
    }
}
