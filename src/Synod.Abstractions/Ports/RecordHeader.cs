using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Whose record it is: in the log of a node, which many groups share.</summary>
public readonly record struct RecordHeader(
    GroupId Group, EpochId Epoch, RecordNumber Number, RecordOwner Owner);
