namespace Synod.MultiPaxos;

/// <summary>What a slot holds.</summary>
internal enum MultiPaxosValueKind : byte
{
    /// <summary>Nothing: no proposal for it is known here.</summary>
    None = 0,

    /// <summary>The value by which a leader fills a hole.</summary>
    NoOp = 1,

    /// <summary>A command of a client.</summary>
    Command = 2,
}
