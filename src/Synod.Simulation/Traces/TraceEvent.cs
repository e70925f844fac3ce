using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>One thing that happens in a run.</summary>
/// <param name="At">When, in virtual time from the begin of the run.</param>
/// <param name="Kind">What.</param>
/// <param name="Node">At which node; zero if at none.</param>
/// <param name="Peer">With which other node; zero if with none.</param>
/// <param name="Number">A number that depends on the kind.</param>
/// <param name="Text">What is to be said about it, for people.</param>
public readonly record struct TraceEvent(
    Instant At, TraceKind Kind, NodeId Node, NodeId Peer, long Number, string Text);
