using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Something that an operator may want to read: what, where, and what to do.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Peer">The peer, if it is one.</param>
/// <param name="Text">A sentence.</param>
public readonly record struct TransportNotice(NoticeKind Kind, NodeId? Peer, string Text);
