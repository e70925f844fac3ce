namespace Synod.EPaxos;

/// <summary>The first bytes of messages and records.</summary>
internal enum EPaxosKind : byte
{
    PreAccept = 1,
    PreAcceptOk = 2,
    Accept = 3,
    AcceptOk = 4,
    Commit = 5,
    Recover = 6,
    RecoverOk = 7,
    Validate = 8,
    ValidateOk = 9,
    Waiting = 10,
    TryRecover = 11,
    Nack = 12,
    Frontier = 13,
    FetchCommitted = 14,
    Gather = 15,
    Gathered = 16,
    AskUsed = 17,
    Used = 18,
    Bundle = 19,
    StateRecord = 32,
    HeldRecord = 33,
    PreAcceptedRecord = 34,
    AcceptedRecord = 35,
    PromisedRecord = 36,
    ValidatedRecord = 37,
    CommittedRecord = 38,
    LearnedRecord = 39,
    RepairedRecord = 40,
}
