using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>For how long a node leads: of one group, one epoch and one term there is at most one
/// leader. Later ones have a later epoch or term, so the pair serves as a fencing token.</summary>
/// <param name="Group">The group.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Term">The term, or the round of the ballot.</param>
public readonly record struct LeaderTerm(GroupId Group, EpochId Epoch, long Term);
