using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What a message says of one slot; the commands follow the message.</summary>
/// <param name="Ballot">In which ballot the value is, or was, proposed, as far as the sender
/// knows; in an Accept, in that of the message.</param>
/// <param name="Origin">In which ballot it was proposed first. It names the value: whoever has one
/// of this slot by that name has the very same.</param>
/// <param name="Kind">What it is; none if the sender knows of no value.</param>
/// <param name="Length">How long the command is.</param>
internal readonly record struct MultiPaxosSlotHead(
    Ballot Ballot, Ballot Origin, MultiPaxosValueKind Kind, int Length)
{
    /// <summary>A value that is proposed for the first time.</summary>
    public static MultiPaxosSlotHead First(Ballot ballot, MultiPaxosValueKind kind, int length) =>
        new(ballot, ballot, kind, length);
}
