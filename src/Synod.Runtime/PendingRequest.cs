using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>A request of a client that waits for its answer.</summary>
/// <param name="Client">Where the answer goes.</param>
/// <param name="Number">The client's number for it.</param>
/// <param name="Bytes">The bytes behind its head.</param>
/// <param name="Query">The sized key and the query, of a read. The envelope of a command, where
/// commands have no order; else empty for a command.</param>
internal readonly record struct PendingRequest(
    ConnectionId Client, long Number, int Bytes, ReadOnlyMemory<byte> Query)
{
    /// <summary>Whether the client is still to be told that its command is committed.</summary>
    public bool TellsCommit { get; init; }
}
