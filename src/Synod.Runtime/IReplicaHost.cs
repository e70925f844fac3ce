using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a replica uses of the node it lives on.</summary>
internal interface IReplicaHost
{
    NodeOptions Node { get; }

    ILog Log { get; }

    ShardLoads Loads { get; }

    ShardBuffers Buffers { get; }

    EpochShapes Shapes { get; }

    ITransport Transport { get; }

    INodeNotices Notices { get; }

    /// <summary>The time at this moment: it goes on within a turn.</summary>
    Instant Now { get; }

    /// <summary>Until when machines may work in this part of the turn, all replicas together; each
    /// may do one thing in any case.</summary>
    Instant WorkUntil { get; }

    /// <summary>How long ago the news that is being read was taken from the inbox.</summary>
    TimeSpan NewsAge { get; }

    /// <summary>When the node began to serve.</summary>
    Instant Started { get; }

    /// <summary>The peers whose connection is up, by the number of their node.</summary>
    IReadOnlyDictionary<uint, PeerIdentity> Connected { get; }
}
