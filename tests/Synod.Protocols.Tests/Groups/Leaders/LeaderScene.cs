using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>What a test of a leader wants to be otherwise than by default.</summary>
internal sealed record LeaderScene
{
    public bool IsWatched { get; init; }

    public LeaseTerms Lease { get; init; } = LeaseTerms.Off;

    public long UncommittedBytesMax { get; init; } = 64 << 20;

    public bool ForwardsProposals { get; init; }
}
