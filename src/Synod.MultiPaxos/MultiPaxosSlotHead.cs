using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What a message says of one slot; the commands follow the message.</summary>
/// <param name="Ballot">In which ballot the value was proposed, as far as the sender knows; in
/// an Accept, before it was proposed in that of the message: who has it in this ballot has the very
/// same value.</param>
/// <param name="Kind">What it is; none if the sender knows of no value.</param>
/// <param name="Length">How long the command is.</param>
internal readonly record struct MultiPaxosSlotHead(
    Ballot Ballot, MultiPaxosValueKind Kind, int Length);
