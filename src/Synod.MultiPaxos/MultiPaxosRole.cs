using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What a member is at the moment besides acceptor and learner, with the state that only
/// this role has.</summary>
internal abstract class MultiPaxosRole
{
    private MultiPaxosRole()
    {
    }

    /// <summary>Adds all of it but times.</summary>
    public abstract void Digest(ref StateHash hash);

    /// <summary>Follows the leader of the ballot that it has promised, if that leads.</summary>
    public sealed class Following(Member? leader) : MultiPaxosRole
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

    /// <summary>Asks whether promises would be given.</summary>
    public sealed class Probing(Instant begun) : MultiPaxosRole
    {
        public Instant Begun => begun;

        public MemberSet Granted { get; set; }

        public MemberSet Refused { get; set; }

        public override void Digest(ref StateHash hash)
        {
            hash.Add(100);
            hash.Add(Granted.Bits);
            hash.Add(Refused.Bits);
        }
    }

    /// <summary>Phase 1: collects promises.</summary>
    public sealed class Campaigning : MultiPaxosRole
    {
        private readonly LogIndex[] _next;

        public Campaigning(RecordNumber ownPromise, LogIndex from, (int Members, Instant Begun) of)
        {
            OwnPromise = ownPromise;
            Begun = of.Begun;
            _next = new LogIndex[of.Members];
            Array.Fill(_next, from);
        }

        /// <summary>The record that must be durable before the own promise counts.</summary>
        public RecordNumber OwnPromise { get; }

        public Instant Begun { get; }

        /// <summary>Which transfer it was asked to campaign for; zero if for none.</summary>
        public long Transfer { get; init; }

        /// <summary>Who has told all that it has accepted.</summary>
        public MemberSet Promised { get; set; }

        public MemberSet Refused { get; set; }

        /// <summary>When pages that have not come are asked for again.</summary>
        public Instant AsksAgain { get; set; }

        /// <summary>The first slot of the page that a peer is asked for.</summary>
        public LogIndex NextOf(Member peer) => _next[peer.Index];

        /// <summary>A page of a peer was taken.</summary>
        public void Took(Member peer, LogIndex through) => _next[peer.Index] = through.Next();

        public override void Digest(ref StateHash hash)
        {
            hash.Add(101);
            hash.Add(OwnPromise.Number);
            hash.Add(Transfer);
            hash.Add(Promised.Bits);
            hash.Add(Refused.Bits);
            foreach (LogIndex next in _next)
                hash.Add(next.Number);
        }
    }

    /// <summary>Phase 2: proposes, as the distinguished proposer.</summary>
    public sealed class Leading(PeerProgress[] peers, (LogIndex Base, LogIndex Fresh) of)
        : MultiPaxosRole
    {
        private readonly ForwardWindow?[] _forwards = new ForwardWindow?[peers.Length];
        private readonly LogIndex?[] _known = new LogIndex?[peers.Length];
        private readonly Instant[] _retries = new Instant[peers.Length];

        /// <summary>By position in the epoch; the own is not used.</summary>
        public PeerProgress[] Peers => peers;

        /// <summary>The last slot that is not proposed in the own ballot, since it was known to be
        /// chosen.</summary>
        public LogIndex Base => of.Base;

        /// <summary>The last slot that phase 1 told of.</summary>
        public LogIndex Fresh => of.Fresh;

        public required LeaderLease Lease { get; init; }

        /// <summary>The newest round that was begun.</summary>
        public long Round { get; set; }

        /// <summary>The newest round that a majority has answered.</summary>
        public long Confirmed { get; set; }

        /// <summary>Own proposals that are not known to be chosen, oldest first.</summary>
        public Queue<(LogIndex Slot, RequestId Request)> Proposals { get; } = [];

        /// <summary>Reads that wait for their round, oldest first, and what was chosen when it
        /// began.</summary>
        public Queue<(WaitingRead Read, long Round, LogIndex Slot)> Reads { get; } = [];

        /// <summary>Reads that no round was begun for.</summary>
        public Queue<WaitingRead> NewReads { get; } = [];

        public long UncommittedBytes { get; set; }

        /// <summary>The transfer of leadership under way; null if there is none.</summary>
        public LeaderTransfer? Transfer { get; set; }

        /// <summary>How many transfers of this ballot are over.</summary>
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
        public bool IsLeaseVoid => Lease.IsVoid;

        /// <summary>A slot that was the newest one at a time: what the own disk has not flushed
        /// long after it is late.</summary>
        public (LogIndex Slot, Instant At) Unflushed { get; set; }

        /// <summary>When a disk that is late may be a reason to hand over again.</summary>
        public Instant HandsOverAgain { get; set; }

        /// <summary>The round in which it has said that it rests; zero if it has not, or has
        /// something to do since.</summary>
        public long RestRound { get; set; }

        /// <summary>Whether it is silent: all whom it reaches have answered that round.</summary>
        public bool IsResting { get; set; }

        /// <summary>Since when it does not rest: nobody was silent before.</summary>
        public Instant AwakeSince { get; set; }

        /// <summary>From when on reads do not wait any more for what phase 1 told of to be
        /// chosen.</summary>
        public Instant FirstChoiceDue { get; init; }

        public Instant HeartbeatDue { get; set; }

        public Instant QuorumCheckDue { get; set; }

        /// <summary>Up to where a member knows what is chosen, as far as it has told; before, it is
        /// taken to know what the leader knew at its election.</summary>
        public LogIndex KnownBy(Member peer) => _known[peer.Index] ?? Base;

        /// <summary>A member has told up to where it knows what is chosen.</summary>
        public void Knows(Member peer, LogIndex chosen) => _known[peer.Index] = chosen;

        /// <summary>Whether a member that has taken nothing new may be sent something again; notes
        /// that it is.</summary>
        public bool MayRetry(Member peer, Instant now, TimeSpan interval)
        {
            if (now < _retries[peer.Index])
                return false;

            _retries[peer.Index] = now + interval;
            return true;
        }

        /// <summary>What it has taken that a follower passed on.</summary>
        public ForwardWindow ForwardsOf(Member peer) => _forwards[peer.Index] ??= new();

        /// <summary>The one place that ends the use of a lease before its time.</summary>
        [Rule(MultiPaxosRules.TransferVoidsLease)]
        public void VoidLease() => Lease.Void();

        public override void Digest(ref StateHash hash)
        {
            hash.Add(102);
            DigestTransfer(ref hash);
            foreach (ForwardWindow? window in _forwards)
            {
                hash.Add(window is null ? 0 : 1);
                window?.Digest(ref hash);
            }

            hash.Add(Base.Number);
            hash.Add(Fresh.Number);
            foreach (LogIndex? known in _known)
                hash.Add(known?.Number ?? -1);
            hash.Add(Round);
            hash.Add(Confirmed);
            hash.Add(RestRound);
            hash.Add(IsResting ? 1 : 0);
            hash.Add(UncommittedBytes);
            foreach (PeerProgress peer in peers)
                peer.Digest(ref hash);
            hash.Add(Proposals.Count);
            foreach ((LogIndex slot, RequestId request) in Proposals)
            {
                hash.Add(slot.Number);
                hash.Add(request.Number);
            }

            DigestReads(ref hash);
        }

        private void DigestReads(ref StateHash hash)
        {
            hash.Add(Reads.Count);
            foreach ((WaitingRead read, long round, LogIndex slot) in Reads)
            {
                read.Digest(ref hash);
                hash.Add(round);
                hash.Add(slot.Number);
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
