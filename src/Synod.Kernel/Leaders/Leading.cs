namespace Synod.Kernel;

/// <summary>Leads: what a leader knows of the others, and who waits for what.</summary>
/// <param name="peers">By position in the epoch; the own is not used.</param>
/// <param name="fresh">The last entry of which it must know that it is committed before it may
/// answer reads.</param>
public class Leading(PeerProgress[] peers, LogIndex fresh) : MemberRole
{
    private readonly ForwardWindow?[] _forwards = new ForwardWindow?[peers.Length];

    /// <summary>By position in the epoch; the own is not used.</summary>
    public ReadOnlySpan<PeerProgress> Peers => peers;

    /// <summary>The last entry of which it must know that it is committed before it may answer
    /// reads: until then it may lag behind what a leader before it has acknowledged.</summary>
    public LogIndex Fresh => fresh;

    /// <summary>What the others have promised.</summary>
    public required LeaderLease Lease { get; init; }

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

    /// <summary>How much it has proposed that is not committed, with what each command
    /// costs.</summary>
    public long UncommittedBytes { get; set; }

    /// <summary>The transfer of leadership under way; null if there is none.</summary>
    public LeaderTransfer? Transfer { get; set; }

    /// <summary>How many transfers of this reign are over.</summary>
    public long TransfersOver { get; set; }

    /// <summary>The round that tells a majority so.</summary>
    public long OverRound { get; set; }

    /// <summary>Who has cancelled, and the round by which it is certain.</summary>
    public Queue<(RequestId Request, long Round)> Cancels { get; } = [];

    /// <summary>Whether nobody waits for anything.</summary>
    public bool IsIdle => Proposals.Count == 0
        && Reads.Count == 0
        && NewReads.Count == 0
        && Cancels.Count == 0
        && Transfer is null;

    /// <summary>An entry that was the newest one at a time: what the own disk has not flushed long
    /// after it is late.</summary>
    public (LogIndex Index, Instant At) Unflushed { get; set; }

    /// <summary>When a disk that is late may be a reason to hand over again.</summary>
    public Instant HandsOverAgain { get; set; }

    /// <summary>The round in which it has said that it rests; zero if it has not, or has something
    /// to do since.</summary>
    public long RestRound { get; set; }

    /// <summary>Whether it is silent: all whom it reaches have answered that round.</summary>
    public bool IsResting { get; set; }

    /// <summary>Since when it does not rest: nobody was silent before.</summary>
    public Instant AwakeSince { get; set; }

    /// <summary>From when on reads do not wait for <see cref="Fresh"/> any more.</summary>
    public Instant FirstCommitDue { get; init; }

    /// <summary>When it must be heard again.</summary>
    public Instant HeartbeatDue { get; set; }

    /// <summary>When it looks whether it hears a majority.</summary>
    public Instant QuorumCheckDue { get; set; }

    /// <inheritdoc/>
    public override Instant Due
    {
        get
        {
            Instant due = IsResting ? Instant.Never : Instant.Earlier(HeartbeatDue, QuorumCheckDue);
            return Transfer is null ? due : Instant.Earlier(due, Transfer.Due);
        }
    }

    /// <summary>What it has taken that a follower passed on.</summary>
    public ForwardWindow ForwardsOf(Member peer) => _forwards[peer.Index] ??= new();

    /// <inheritdoc/>
    public override void Digest(ref StateHash hash)
    {
        DigestTransfer(ref hash);
        foreach (ForwardWindow? window in _forwards)
        {
            hash.Add(window is null ? 0 : 1);
            window?.Digest(ref hash);
        }

        hash.Add(fresh.Number);
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

        DigestReads(ref hash);
    }

    private void DigestReads(ref StateHash hash)
    {
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
        hash.Add(Lease.IsVoid ? 1 : 0);
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
