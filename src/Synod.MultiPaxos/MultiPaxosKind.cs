namespace Synod.MultiPaxos;

/// <summary>The first bytes of messages and records.</summary>
internal enum MultiPaxosKind : byte
{
    Probe = 1,
    ProbeReply = 2,
    Prepare = 3,
    Promise = 4,
    Nack = 5,
    Accept = 6,
    Rest = 7,
    Accepted = 8,
    Learn = 9,
    Learned = 10,
    PromiseRecord = 32,
    ValueRecord = 33,
    BallotRecord = 34,
}
