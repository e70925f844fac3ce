using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>One item of the ordered stream of a replica: a command to apply, or a read to run at
/// exactly this place.</summary>
/// <param name="Kind">Deliver or ReadReady.</param>
/// <param name="Gate">The record that must be durable before; it holds everything behind it
/// too.</param>
/// <param name="Command">The command; empty for a read.</param>
/// <param name="Request">Who waits for it here; zero if nobody.</param>
internal readonly record struct StreamItem(
    EffectKind Kind, RecordNumber Gate, Payload Command, RequestId Request);
