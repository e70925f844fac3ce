using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>What stands around the liveness of a node.</summary>
/// <param name="Time">The monotonic clock of the node.</param>
/// <param name="Transport">Takes the pings.</param>
/// <param name="Sink">Takes all that is no ping, and whether peers are up.</param>
/// <param name="Judged">Told, by any thread, of a connected peer that is silent (false), and of one
/// that is heard again (true).</param>
public sealed record LivenessPorts(
    TimeProvider Time,
    ITransport Transport,
    ITransportSink Sink,
    Action<PeerIdentity, bool> Judged);
