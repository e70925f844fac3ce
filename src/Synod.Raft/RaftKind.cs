namespace Synod.Raft;

/// <summary>The first bytes of messages and records.</summary>
internal enum RaftKind : byte
{
    RequestVote = 1,
    VoteReply = 2,
    AppendEntries = 3,
    AppendReply = 4,
    TimeoutNow = 5,
    Forward = 6,
    ForwardReply = 7,
    Rouse = 8,
    Rest = 9,
    ReadIndex = 10,
    ReadIndexReply = 11,
    VoteRecord = 16,
    EntryRecord = 17,
}
