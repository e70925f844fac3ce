using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>One item of the ordered stream of a replica: a command to apply, a read to run at
/// exactly this place, or records that nobody needs once all before is handled.</summary>
/// <param name="Kind">Deliver, ReadReady, Release, Learned or Done.</param>
/// <param name="Gate">The record that must be durable before; it holds everything behind it
/// too.</param>
/// <param name="Command">The command; empty for a read. For a release, the record before which all
/// goes.</param>
/// <param name="Request">Who waits for it here; zero if nobody.</param>
internal readonly record struct StreamItem(
    EffectKind Kind, RecordNumber Gate, Payload Command, RequestId Request)
{
    /// <summary>Learned: the chosen state.</summary>
    public ReadOnlyMemory<byte> State { get; init; }
}
