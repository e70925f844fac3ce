using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>What all members of a group under test have in common.</summary>
internal sealed record RaftSetup(int Members)
{
    public RaftOptions Options { get; init; } = new();

    public LeaseTerms Lease { get; init; } = LeaseTerms.Off;

    public ulong Seed { get; init; } = 1;

    /// <summary>Whether the members are told of every node that is gone.</summary>
    public bool IsWatched { get; init; }

    public IRaftWorld? World { get; init; }
}
