namespace Synod.Raft;

/// <summary>The first bytes of messages and records.</summary>
internal enum RaftKind : byte
{
    RequestVote = 1,
    VoteReply = 2,
    AppendEntries = 3,
    AppendReply = 4,
    Rest = 9,
    VoteRecord = 16,
    EntryRecord = 17,
}
