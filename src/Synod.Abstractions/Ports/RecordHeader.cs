using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Whose record it is: in the log of a node, which many groups share.</summary>
/// <param name="Group">The group.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Number">Which record of the replica it is.</param>
/// <param name="Owner">Who can read it.</param>
/// <param name="IsStatement">Whether it changes small durable state and says all of it, so that
/// of one group, epoch and owner only the newest matters. The log keeps copies of it (safety §7).
/// </param>
public readonly record struct RecordHeader(
    GroupId Group,
    EpochId Epoch,
    RecordNumber Number,
    RecordOwner Owner,
    bool IsStatement = false);
