using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>The hot path of Multi-Paxos.</summary>
public sealed class MultiPaxosSteadyStateTests : SteadyStateTests
{
    private static Ballot First => MultiPaxosScenes.First;

    private protected override GroupMember Leader() => MultiPaxosScenes.Leader(3);

    private protected override GroupMember Follower() => MultiPaxosScenes.Follower((1, null));

    private protected override void WriteAnswer(FrameBuffer frame, LogIndex index, long round) =>
        new Accepted(First, index, index, false, index, index, round).WriteTo(frame);

    private protected override void WriteCommand(FrameBuffer frame, LogIndex after, long round)
    {
        ReadOnlySpan<MultiPaxosSlotHead> slots =
            [MultiPaxosSlotHead.First(First, MultiPaxosValueKind.Command, 16)];
        new Accept
        {
            Ballot = First,
            First = after.Next(),
            Base = LogIndex.Zero,
            Chosen = after,
            Round = round,
            TransfersOver = 0,
            Last = after.Next(),
            Slots = slots,
        }.WriteTo(frame);
    }
}
