using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>The hot path of Raft.</summary>
public sealed class RaftSteadyStateTests : SteadyStateTests
{
    private protected override GroupMember Leader() => RaftScenes.Leader(3);

    private protected override GroupMember Follower() => RaftScenes.Follower((1, null));

    private protected override void WriteAnswer(FrameBuffer frame, LogIndex index, long round) =>
        new AppendReply(new Term(1), true, index, default, default, round).WriteTo(frame);

    private protected override void WriteCommand(FrameBuffer frame, LogIndex after, long round)
    {
        ReadOnlySpan<RaftEntryHead> entries = [new(new Term(1), RaftEntryKind.Command, 16)];
        new AppendEntries
        {
            Term = new Term(1),
            PreviousIndex = after,
            PreviousTerm = new Term(1),
            Commit = after,
            Round = round,
            TransfersOver = 0,
            Entries = entries,
        }.WriteTo(frame);
    }
}
