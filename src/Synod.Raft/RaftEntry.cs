using Synod.Kernel;

namespace Synod.Raft;

/// <summary>An entry of the log: its command stays in the node's log, here is the handle.</summary>
internal readonly record struct RaftEntry(RaftEntryKind Kind, Payload Command);
