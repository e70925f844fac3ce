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

    /// <summary>When the node began to serve.</summary>
    Instant Started { get; }

    /// <summary>The peers whose connection is up, by the number of their node.</summary>
    IReadOnlyDictionary<uint, PeerIdentity> Connected { get; }
}
