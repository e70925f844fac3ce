using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>All that happens, as a running digest, and in words for those who want them.</summary>
internal sealed class Trace(Schedule schedule, ITraceSink? sink)
{
    /// <summary>The digest of all that has happened.</summary>
    public ulong Digest { get; private set; }

    /// <summary>Whether somebody wants words; if not, none need be found.</summary>
    public bool HasWords => sink is not null;

    /// <summary>Something happens at a node.</summary>
    public void Note(TraceKind kind, NodeId node, long number, string text = "") =>
        Note(kind, (node, default), (number, text), default);

    /// <summary>Something happens between a node and a peer.</summary>
    public void Note(
        TraceKind kind,
        (NodeId Node, NodeId Peer) where,
        (long Number, string Text) what,
        ReadOnlySpan<byte> content)
    {
        ulong nodes = ((ulong)where.Node.Number << 8) | ((ulong)where.Peer.Number << 32);
        ulong number = unchecked((ulong)what.Number) ^ ((ulong)Crc32C.Of(content) << 32);
        Digest = StableHash.Combine(Digest, unchecked((ulong)schedule.Now.Ticks));
        Digest = StableHash.Combine(StableHash.Combine(Digest, (ulong)kind | nodes), number);
        sink?.Add(new TraceEvent(
            schedule.Now, kind, where.Node, where.Peer, what.Number, what.Text));
    }
}
