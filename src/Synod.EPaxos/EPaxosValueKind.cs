namespace Synod.EPaxos;

/// <summary>What an instance holds.</summary>
internal enum EPaxosValueKind : byte
{
    /// <summary>Nothing is known.</summary>
    None,

    /// <summary>Nothing is to be done.</summary>
    NoOp,

    /// <summary>A command.</summary>
    Command,

    /// <summary>A read, which only its owner runs.</summary>
    Read,
}
