using Synod.Protocols.Tests.Groups.Leaders;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Leadership transfers of Raft that lead to nothing.</summary>
public sealed class RaftLostTransferTests : LostTransferTests
{
    private protected override LeaderDialect Dialect { get; } = new RaftLeaderTests.Words();
}
