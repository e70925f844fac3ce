using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What a member has of one slot: the proposal with the highest ballot that it knows. It
/// has accepted it if it had promised that very ballot then; if not, another has told of it in a
/// phase 1. That is as good for whoever asks later: it was proposed, and no lower proposal that
/// could be chosen differs from it.</summary>
/// <param name="Ballot">In which ballot it was proposed; zero if the slot is empty.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Command">The command, in the node's log.</param>
/// <param name="Record">The record by which this member has it in that ballot.</param>
internal readonly record struct MultiPaxosValue(
    Ballot Ballot, MultiPaxosValueKind Kind, Payload Command, RecordNumber Record);
