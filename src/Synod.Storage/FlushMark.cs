using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>What a flush that is under way makes durable.</summary>
/// <param name="End">All frames before this position.</param>
/// <param name="Record">All records up to this one.</param>
internal readonly record struct FlushMark(long End, LogPosition Record);
