using Synod.Kernel;
using Synod.Raft;

namespace Synod.Hosting;

/// <summary>The protocols by name: the only place that knows them all.</summary>
public static class Protocols
{
    /// <summary>The names that <see cref="SynodOptions.Protocol"/> can have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["raft"];

    internal static IProtocol Create(SynodOptions options) => options.Protocol switch
    {
        "raft" => new RaftProtocol(options.Raft),
        _ => throw new ArgumentException($"There is no protocol '{options.Protocol}'."),
    };
}
