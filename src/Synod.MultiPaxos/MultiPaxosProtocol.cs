using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Multi-Paxos, by the name <c>paxos</c>.</summary>
public sealed class MultiPaxosProtocol : IProtocol
{
    private readonly MultiPaxosOptions _options;

    /// <summary>Multi-Paxos with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MultiPaxosProtocol(MultiPaxosOptions? options = null)
    {
        _options = options ?? new MultiPaxosOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "paxos";

    /// <inheritdoc/>
    public IKernel Create(KernelStart start) => new MultiPaxosReplica(start, _options);

    /// <inheritdoc/>
    public IProtocol Vary(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        bool forwards = random.Chance(1, 2);
        MultiPaxosOptions varied = _options with { ForwardsProposals = forwards };
        return new MultiPaxosProtocol(random.Chance(1, 2) ? varied : Narrow(varied, random));
    }

    /// <inheritdoc/>
    public IProtocolAudit Audit(EpochDescriptor epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return new MultiPaxosAudit(epoch, _options.SlotsAheadMax);
    }

    // Messages and windows of a few slots, and little room: promises and what is learned come in
    // many pages, holes are frequent, and what is too much is refused.
    private static MultiPaxosOptions Narrow(MultiPaxosOptions options, SeededRandom random) =>
        options with
        {
            SlotsAheadMax = 4 + (int)random.Below(28),
            SlotsPerMessageMax = 1 + (int)random.Below(3),
            BytesPerMessageMax = 1 << (int)random.Below(13),
            InFlightMessagesMax = 1 + (int)random.Below(8),
            InFlightBytesMax = 1 << (int)random.Below(14),
            UncommittedBytesMax = 1 << (10 + (int)random.Below(4)),
            FollowerReadsMax = 1 + (int)random.Below(8),
            LeaderReadsMax = 1 + (int)random.Below(8),
        };
}
