namespace Synod.Raft;

/// <summary>What a message says of one entry; the commands follow the message.</summary>
internal readonly record struct RaftEntryHead(Term Term, RaftEntryKind Kind, int Length);
