using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>The knobs of Multi-Paxos. All members of a group should have the same.</summary>
public sealed record MultiPaxosOptions : LeaderOptions
{
    internal const int SlotsPerMessageLimit = 1 << 16;
    private const int SlotsAheadLimit = 1 << 20;

    /// <summary>How many slots a leader has proposed at most that it does not know to be chosen,
    /// the paper's α; and how far beyond what it knows to be chosen an acceptor accepts. Default
    /// 65536, from 1 to 1048576.</summary>
    public int SlotsAheadMax { get; init; } = 1 << 16;

    /// <summary>The most slots in one message. Default 1024, from 1 to 65536.</summary>
    public int SlotsPerMessageMax { get; init; } = 1024;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Within(SlotsAheadMax, SlotsAheadLimit, nameof(SlotsAheadMax));
        Within(SlotsPerMessageMax, SlotsPerMessageLimit, nameof(SlotsPerMessageMax));
    }
}
