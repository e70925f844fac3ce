using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What a member has of one slot: the proposal with the highest ballot that it knows. It
/// has accepted it if it had promised that very ballot then; if not, another has told of it in a
/// phase 1. That is as good for whoever asks later: it was proposed, and no lower proposal that
/// could be chosen differs from it.</summary>
/// <param name="Ballot">In which ballot it was proposed; zero if the slot is empty.</param>
/// <param name="Origin">In which ballot it was proposed first: its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Command">The command, in the node's log.</param>
/// <param name="Record">The record by which this member has it in that ballot.</param>
internal readonly record struct MultiPaxosValue(
    Ballot Ballot,
    Ballot Origin,
    MultiPaxosValueKind Kind,
    Payload Command,
    RecordNumber Record)
{
    /// <summary>What a message says of it.</summary>
    public MultiPaxosSlotHead Head => new(Ballot, Origin, Kind, Command.Length);

    /// <summary>Whether it is the very value that a message tells of. In the ballot of its origin
    /// one value at most was proposed for the slot, and whoever proposed it again kept the
    /// name.</summary>
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public bool IsThatOf(in MultiPaxosSlotHead head) =>
        Kind != MultiPaxosValueKind.None
        && (Origin, Kind, Command.Length) == (head.Origin, head.Kind, head.Length);
}
