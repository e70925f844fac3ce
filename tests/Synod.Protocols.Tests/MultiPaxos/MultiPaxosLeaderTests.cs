using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>Multi-Paxos as a protocol with a stable leader.</summary>
public sealed class MultiPaxosLeaderTests : LeaderTests
{
    private protected override LeaderDialect Dialect { get; } = new Words();

    internal sealed class Words : LeaderDialect
    {
        private static readonly Ballot First = MultiPaxosScenes.First;

        public override GroupMember Leader(int members, LeaderScene scene) =>
            MultiPaxosScenes.Leader(members, OptionsOf(scene), scene.IsWatched, scene.Lease);

        public override GroupMember Follower(LeaderScene scene)
        {
            MultiPaxosSetup setup = new(3)
            {
                Options = OptionsOf(scene),
                IsWatched = scene.IsWatched,
                Lease = scene.Lease,
            };
            MultiPaxosMember follower = MultiPaxosMember.Of(1, setup);
            follower.Receive(0, new Proposal(First) { Commands = ["a"] }.Frame());
            follower.Settle();
            follower.Persisted();
            return follower;
        }

        public override long Round(GroupMember leader) => ((MultiPaxosMember)leader).Round();

        public override byte[] Accepted(long index, long round) =>
            MultiPaxosFrames.Accepted(First, index, round);

        public override byte[] Damaged(long index, KernelHealth health) =>
            MultiPaxosFrames.Accepted(First, index, damage: (5, health));

        public override byte[] Heartbeat(long committed, bool rests) =>
            new Proposal(First) { First = 2, Chosen = committed, Last = 1, Rests = rests }.Frame();

        public override byte[] Candidacy() =>
            MultiPaxosFrames.Probe(MultiPaxosFrames.B(2, 2), chosen: 1);

        public override byte[] ReadAt(long index) => MultiPaxosFrames.Encode(
            new ReadIndexReply<Ballot>(
                First, new ReadTicket((1, 1), 1), new LogIndex(index), null));

        public override byte[] Forward(string command) =>
            MultiPaxosFrames.Forward(First, tag: 1, command);

        private static MultiPaxosOptions OptionsOf(LeaderScene scene) => new()
        {
            UncommittedBytesMax = scene.UncommittedBytesMax,
            ForwardsProposals = scene.ForwardsProposals,
        };
    }
}
