using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Raft as a protocol with a stable leader.</summary>
public sealed class RaftLeaderTests : LeaderTests
{
    private protected override LeaderDialect Dialect { get; } = new Words();

    internal sealed class Words : LeaderDialect
    {
        public override GroupMember Leader(int members, LeaderScene scene) =>
            RaftScenes.Leader(members, OptionsOf(scene), scene.IsWatched, scene.Lease);

        public override GroupMember Follower(LeaderScene scene)
        {
            RaftSetup setup = new(3)
            {
                Options = OptionsOf(scene),
                IsWatched = scene.IsWatched,
                Lease = scene.Lease,
            };
            RaftMember follower = RaftMember.Of(1, setup);
            follower.Receive(0, new Append(1) { Entries = [(1, "a")] }.Frame());
            follower.Settle();
            follower.Persisted();
            return follower;
        }

        public override long Round(GroupMember leader) => ((RaftMember)leader).Round();

        public override byte[] Accepted(long index, long round) =>
            RaftFrames.Accepted(1, index, round);

        public override byte[] Damaged(long index, KernelHealth health) =>
            RaftFrames.Accepted(1, index, (5, health));

        public override byte[] Heartbeat(long committed, bool rests) =>
            new Append(1) { After = (1, 1), Commit = committed, Rests = rests }.Frame();

        public override byte[] Candidacy() => RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1);

        public override byte[] ReadAt(long index) => RaftFrames.Encode(new ReadIndexReply<Term>(
            new Term(1), new ReadTicket((1, 1), 1), new LogIndex(index), null));

        public override byte[] Forward(string command) =>
            RaftFrames.Forward(1, tag: 1, command);

        private static RaftOptions OptionsOf(LeaderScene scene) => new()
        {
            UncommittedBytesMax = scene.UncommittedBytesMax,
            ForwardsProposals = scene.ForwardsProposals,
        };
    }
}
