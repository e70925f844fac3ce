using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>What a record says of itself beside its header and its body.</summary>
/// <param name="LogId">The log.</param>
/// <param name="Opening">Which opening writes it; the low 16 bits are kept.</param>
/// <param name="Position">Where in the log it is.</param>
/// <param name="IsCopy">Whether it is a copy of a statement.</param>
/// <param name="IsDoubtful">Of a copy: whether a newer statement may have been lost.</param>
internal readonly record struct RecordPlace(
    LogId LogId, uint Opening, LogPosition Position, bool IsCopy, bool IsDoubtful = false);
