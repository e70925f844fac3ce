using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What a server is at the moment, with the state that only this role has.</summary>
internal abstract class RaftRole
{
    private RaftRole()
    {
    }

    /// <summary>Adds all of it but times.</summary>
    public abstract void Digest(ref StateHash hash);

    /// <summary>Follows the leader of its term, if it knows one.</summary>
    public sealed class Following(Member? leader) : RaftRole
    {
        public Member? Leader => leader;

        /// <summary>Reads that the leader is, or will be, asked about.</summary>
        public ReadBatches Reads { get; } = new();

        public override void Digest(ref StateHash hash)
        {
            hash.Add(leader?.Index ?? -1);
            Reads.Digest(ref hash);
        }
    }

    /// <summary>Collects votes, or promises of votes.</summary>
    public sealed class Campaigning(bool isPreVote, RecordNumber ownVote, Instant begun) : RaftRole
    {
        /// <summary>Whether it only asks whether votes would be given.</summary>
        public bool IsPreVote => isPreVote;

        /// <summary>The record that must be durable before the own vote counts.</summary>
        public RecordNumber OwnVote => ownVote;

        public Instant Begun => begun;

        public MemberSet Granted { get; set; }

        public MemberSet Refused { get; set; }

        public override void Digest(ref StateHash hash)
        {
            hash.Add(isPreVote ? 100 : 101);
            hash.Add(ownVote.Number);
            hash.Add(Granted.Bits);
            hash.Add(Refused.Bits);
        }
    }

    /// <summary>Replicates its log.</summary>
    public sealed class Leading(PeerProgress[] peers, LogIndex termStart, LeaderLease lease)
        : RaftRole
    {
        private readonly ForwardWindow?[] _forwards = new ForwardWindow?[peers.Length];

        /// <summary>By position in the epoch; the own is not used.</summary>
        public PeerProgress[] Peers => peers;

        /// <summary>The no-op of the own term.</summary>
        public LogIndex TermStart => termStart;

        public LeaderLease Lease => lease;

        /// <summary>The newest round that was begun.</summary>
        public long Round { get; set; }

        /// <summary>The newest round that a majority has answered.</summary>
        public long Confirmed { get; set; }

        /// <summary>Own proposals that are not committed, oldest first.</summary>
        public Queue<(LogIndex Index, RequestId Request)> Proposals { get; } = [];

        /// <summary>Reads that wait for their round, oldest first, and what was committed when it
        /// began.</summary>
        public Queue<(WaitingRead Read, long Round, LogIndex Index)> Reads { get; } = [];

        /// <summary>Reads that no round was begun for.</summary>
        public Queue<WaitingRead> NewReads { get; } = [];

        public long UncommittedBytes { get; set; }

        /// <summary>The transfer of leadership under way; null if there is none.</summary>
        public LeaderTransfer? Transfer { get; set; }

        /// <summary>How many transfers of this term are over.</summary>
        public long TransfersOver { get; set; }

        /// <summary>Whether nobody waits for anything.</summary>
        public bool IsIdle => Proposals.Count == 0
            && Reads.Count == 0
            && NewReads.Count == 0
            && Cancels.Count == 0
            && Transfer is null;

        /// <summary>The round that tells a majority so.</summary>
        public long OverRound { get; set; }

        /// <summary>Who has cancelled, and the round by which it is certain.</summary>
        public Queue<(RequestId Request, long Round)> Cancels { get; } = [];

        /// <summary>Whether this leader may not rely on a lease any more, before it is elected
        /// again: from before it asks another to campaign, which may do so much later.</summary>
        public bool IsLeaseVoid => lease.IsVoid;

        /// <summary>An entry that was the newest one at a time: what the own disk has not flushed
        /// long after it is late.</summary>
        public (LogIndex Index, Instant At) Unflushed { get; set; }

        /// <summary>When a disk that is late may be a reason to hand over again.</summary>
        public Instant HandsOverAgain { get; set; }

        /// <summary>The round in which it has said that it rests; zero if it has not, or has
        /// something to do since.</summary>
        public long RestRound { get; set; }

        /// <summary>Whether it is silent: all whom it reaches have answered that round.</summary>
        public bool IsResting { get; set; }

        /// <summary>Since when it does not rest: nobody was silent before.</summary>
        public Instant AwakeSince { get; set; }

        /// <summary>From when on reads do not wait for the first commit of the term any
        /// more.</summary>
        public Instant FirstCommitDue { get; init; }

        public Instant HeartbeatDue { get; set; }

        public Instant QuorumCheckDue { get; set; }

        /// <summary>What it has taken that a follower passed on.</summary>
        public ForwardWindow ForwardsOf(Member peer) => _forwards[peer.Index] ??= new();

        /// <summary>The one place that ends the use of a lease before its time.</summary>
        [Rule(RaftRules.TransferVoidsLease)]
        public void VoidLease() => lease.Void();

        public override void Digest(ref StateHash hash)
        {
            hash.Add(102);
            DigestTransfer(ref hash);
            foreach (ForwardWindow? window in _forwards)
            {
                hash.Add(window is null ? 0 : 1);
                window?.Digest(ref hash);
            }

            hash.Add(termStart.Number);
            hash.Add(Round);
            hash.Add(Confirmed);
            hash.Add(RestRound);
            hash.Add(IsResting ? 1 : 0);
            hash.Add(UncommittedBytes);
            foreach (PeerProgress peer in peers)
                peer.Digest(ref hash);
            hash.Add(Proposals.Count);
            foreach ((LogIndex index, RequestId request) in Proposals)
            {
                hash.Add(index.Number);
                hash.Add(request.Number);
            }

            hash.Add(Reads.Count);
            foreach ((WaitingRead read, long round, LogIndex index) in Reads)
            {
                read.Digest(ref hash);
                hash.Add(round);
                hash.Add(index.Number);
            }

            foreach (WaitingRead read in NewReads)
                read.Digest(ref hash);
        }

        private void DigestTransfer(ref StateHash hash)
        {
            hash.Add(TransfersOver);
            hash.Add(OverRound);
            hash.Add(IsLeaseVoid ? 1 : 0);
            hash.Add(Transfer is null ? 0 : 1);
            Transfer?.Digest(ref hash);
            hash.Add(Cancels.Count);
            foreach ((RequestId request, long round) in Cancels)
            {
                hash.Add(request.Number);
                hash.Add(round);
            }
        }
    }
}
