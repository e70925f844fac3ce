using Synod.Protocols.Tests.Groups.Leaders;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>Leadership transfers of Multi-Paxos that lead to nothing.</summary>
public sealed class MultiPaxosLostTransferTests : LostTransferTests
{
    private protected override LeaderDialect Dialect { get; } = new MultiPaxosLeaderTests.Words();
}
