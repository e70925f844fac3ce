using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Is given a record, header and body, and its place.</summary>
internal delegate void RecordFound(ReadOnlySpan<byte> record, LogPosition position);
