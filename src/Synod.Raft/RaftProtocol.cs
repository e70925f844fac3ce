using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Raft, by the name <c>raft</c>.</summary>
public sealed class RaftProtocol : IProtocol
{
    private readonly RaftOptions _options;

    /// <summary>Raft with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RaftProtocol(RaftOptions? options = null)
    {
        _options = options ?? new RaftOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "raft";

    /// <inheritdoc/>
    public IKernel Create(KernelStart start) => new RaftReplica(start, _options);

    /// <inheritdoc/>
    public IProtocol Vary(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        bool forwards = random.Chance(1, 2);
        RaftOptions varied = _options with { ForwardsProposals = forwards };
        return new RaftProtocol(random.Chance(1, 2) ? varied : Narrow(varied, random));
    }

    /// <inheritdoc/>
    public IProtocolAudit Audit(EpochDescriptor epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return new RaftAudit(epoch);
    }

    // Messages of a few entries, short windows and little room: a member that lags catches up in
    // many steps, and what is too much is refused.
    private static RaftOptions Narrow(RaftOptions options, SeededRandom random) => options with
    {
        EntriesPerMessageMax = 1 + (int)random.Below(3),
        BytesPerMessageMax = 1 << (int)random.Below(13),
        InFlightMessagesMax = 1 + (int)random.Below(4),
        InFlightBytesMax = 1 << (int)random.Below(14),
        UncommittedBytesMax = 1 << (10 + (int)random.Below(4)),
        FollowerReadsMax = 1 + (int)random.Below(8),
        LeaderReadsMax = 1 + (int)random.Below(8),
    };
}
