using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>What a shard stands on.</summary>
/// <param name="Log">The log of the node, opened and not yet replayed.</param>
/// <param name="Transport">What carries its frames, and delivers into the inbox.</param>
/// <param name="Inbox">Where it receives.</param>
/// <param name="Notices">Hears what happens.</param>
public sealed record ShardPorts(
    ILog Log, ITransport Transport, ShardInbox Inbox, INodeNotices Notices);
