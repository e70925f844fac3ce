namespace Synod.Raft;

/// <summary>What an entry of the log is.</summary>
public enum RaftEntryKind : byte
{
    /// <summary>The entry by which a new leader commits in its term.</summary>
    NoOp = 1,

    /// <summary>A command of a client.</summary>
    Command = 2,
}
