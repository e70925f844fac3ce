using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>What a flush that is under way makes durable.</summary>
/// <param name="End">All frames before this position.</param>
/// <param name="Record">All records up to this one.</param>
/// <param name="Records">How many were appended by then.</param>
/// <param name="Released">Through where the log is released, as a frame before the end
/// says.</param>
/// <param name="Asked">When it was asked for, by the clock of the log.</param>
internal readonly record struct FlushMark(
    long End, LogPosition Record, long Records, long Released, long Asked);
