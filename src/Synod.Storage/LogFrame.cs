using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>What the header of a batch frame says.</summary>
/// <param name="Position">Where in the log the frame begins.</param>
/// <param name="End">Where it ends: whole sectors.</param>
/// <param name="DurableThrough">All before this position was known to be flushed when the frame was
/// written.</param>
/// <param name="Records">How many records it has; a mark has none.</param>
public readonly record struct LogFrame(
    LogPosition Position, LogPosition End, LogPosition DurableThrough, int Records);
