using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Conformance;

/// <summary>What a cluster is made of: any protocol on any log over any transport.</summary>
/// <param name="Protocol">Its name.</param>
/// <param name="Log">Of <see cref="Logs"/>.</param>
/// <param name="Transport">Of <see cref="Transports"/>.</param>
public sealed record ClusterKind(string Protocol, string Log, string Transport)
{
    /// <summary>The logs: two of ours, and one that is not.</summary>
    public static IReadOnlyList<string> Logs { get; } = ["file", "memory", "sqlite"];

    /// <summary>The transports.</summary>
    public static IReadOnlyList<string> Transports { get; } = ["in-process", "tcp"];

    /// <summary>Every cluster that can be made. Another protocol is here as soon as it has a
    /// name.</summary>
    public static TheoryData<string, string, string> All => Of(static _ => true);

    /// <summary>Those whose nodes come back with what they had.</summary>
    public static TheoryData<string, string, string> Durable => Of(static kind => kind.IsDurable);

    /// <summary>Those with a leader, which can be asked to hand over.</summary>
    public static TheoryData<string, string, string> Led => Of(static kind => kind.HasLeader);

    /// <summary>Those that run machines without keys.</summary>
    public static TheoryData<string, string, string> Ordered => Of(static kind => kind.IsOrdered);

    /// <summary>Whether a node that is killed comes back with its log.</summary>
    public bool IsDurable => Log != "memory";

    /// <summary>Whether one node leads at a time.</summary>
    public bool HasLeader => Protocol is "raft" or "paxos";

    /// <summary>Whether all commands are in one order, as machines without keys need it.</summary>
    public bool IsOrdered => CreateProtocol().IsOrdered;

    /// <summary>The protocol, with its usual knobs.</summary>
    public IProtocol CreateProtocol() =>
        Protocols.Create(new SynodOptions { Protocol = Protocol });

    /// <summary>What "durable" means there.</summary>
    public Durability Durability => IsDurable ? Durability.Fsync : Durability.Memory;

    private static TheoryData<string, string, string> Of(Func<ClusterKind, bool> isWanted)
    {
        TheoryData<string, string, string> kinds = [];
        foreach (string protocol in Protocols.Names)
        {
            foreach (string log in Logs)
            {
                foreach (string transport in Transports)
                {
                    if (isWanted(new ClusterKind(protocol, log, transport)))
                        kinds.Add(protocol, log, transport);
                }
            }
        }

        return kinds;
    }
}
