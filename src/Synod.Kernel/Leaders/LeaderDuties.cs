namespace Synod.Kernel;

/// <summary>What a leader does for its followers and they for it, whatever protocol elects it and
/// replicates: to hear it, to read, to hand leadership over, to forward and to rest. The phases are
/// in the files beside this one.</summary>
/// <remarks>Part of a kernel: called by its thread, a function of its inputs, without a clock or
/// socket of its own. Safety rests on the protocol; see <see cref="ILeaderKernel{TReign}"/>.
/// </remarks>
/// <typeparam name="TReign">A term, a ballot.</typeparam>
public sealed partial class LeaderDuties<TReign>
    where TReign : struct, IReign
{
    private readonly ILeaderKernel<TReign> _kernel;
    private readonly LeaderOptions _options;
    private readonly EpochDescriptor _epoch;
    private readonly SeededRandom _random;
    private readonly Member _self;
    private readonly MemberSet _others;
    private readonly bool _mayRest;
    private readonly (ulong Boot, uint Life) _life;

    private MemberSet _disconnected;
    private Instant _wakeAsked;

    /// <summary>Duties of a kernel, which follows nobody yet.</summary>
    public LeaderDuties(ILeaderKernel<TReign> kernel, KernelStart start, LeaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(options);
        _kernel = kernel;
        _options = options;
        _epoch = start.Epoch;
        _random = new SeededRandom(start.Seed);
        _self = start.Self;
        _others = start.Epoch.All.Without(start.Self);
        _mayRest = options.Rests && start.IsWatched;
        _life = (start.Boot.Number, start.Life.Number);
    }

    /// <summary>What the member is.</summary>
    public MemberRole Role { get; private set; } = new Following(null);

    /// <summary>Who leads, as far as it knows.</summary>
    public Member? Leader => Role switch
    {
        Leading => _self,
        Following following => following.Leader,
        _ => null,
    };

    /// <summary>What the member is, for people.</summary>
    public KernelRole KernelRole => Role switch
    {
        Leading => KernelRole.Leading,
        Following => KernelRole.Following,
        _ => KernelRole.Campaigning,
    };

    /// <summary>To whom it is handing leadership over; null if to nobody.</summary>
    public Member? Successor => (Role as Leading)?.Transfer?.Target;

    /// <summary>To whom its connection is down.</summary>
    public MemberSet Disconnected => _disconnected;

    /// <summary>How full the disk is.</summary>
    public StoragePressure Pressure { get; set; }

    /// <summary>When it campaigns, whatever it has promised.</summary>
    public Instant ElectionDue { get; set; }

    private Member? ReachableLeader =>
        Leader is Member leader && IsConnected(leader) ? leader : null;

    /// <summary>Whether the connection to a peer is not known to be down.</summary>
    public bool IsConnected(Member peer) => !_disconnected.Contains(peer);

    /// <summary>A time that was asked for has come.</summary>
    public void Wake(in Turn turn, Outbox outbox)
    {
        _wakeAsked = Instant.Never;
        if (Role is Leading leading)
            Tick(turn, leading, outbox);
        else if (turn.Now >= CampaignDue && MayCampaign)
            _kernel.AskForElection(turn, outbox);
        else if (turn.Now >= CampaignDue)
            ElectionDue = turn.Now + ElectionWait();
        if (Role is Following following)
            ExpireReads(turn, following, outbox);
        ForgetHandedOver(turn, outbox);
        _forwards?.AbandonUnanswered(turn.Now, outbox);
    }

    /// <summary>The inbox is drained: what was gathered leaves.</summary>
    public void Settle(in Turn turn, Outbox outbox)
    {
        if (Role is Leading leading)
        {
            RenewLease(turn, leading);
            AnswerReads(turn, leading, outbox);
            Replicate(leading, outbox);
            AdvanceTransfer(leading, outbox);
        }
        else if (Role is Following following)
        {
            AskForIndex(turn, following, outbox);
        }

        Arm(outbox);
    }

    /// <summary>The connection to a peer is up.</summary>
    public void PeerUp(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.Without(peer);
        if (Role is Leading leading)
        {
            leading.Peers[peer.Index].Probe();
            EndRest(turn, leading, speakAt: turn.Now);
        }

        Arm(outbox);
    }

    /// <summary>The connection to a peer is down, or the peer is silent.</summary>
    public void PeerDown(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.With(peer);
        if (Leader == peer)
            _forwards?.AbandonUnanswered(Instant.Never, outbox);
        if (Role is Leading leading)
            Lose(turn, leading, peer, outbox);
        else if (Role is Following following && following.Leader == peer)
            LoseLeader(turn, following, outbox);
        else
            _kernel.EndIfHopeless(turn, outbox);
        Arm(outbox);
    }

    /// <summary>Follows somebody; nobody, if null.</summary>
    public void Follow(in Turn turn, Member? leader, Outbox outbox)
    {
        // What a dead leader sent last does not postpone the campaign that its death began.
        bool isLate = leader is Member known && _disconnected.Contains(known);
        if (!isLate && (Role is not Following || leader is null))
            ElectionDue = turn.Now + ElectionWait();
        if (leader is null || leader != Leader || Role is not Following)
            Become(new Following(leader), outbox);
    }

    /// <summary>Takes a role. Who waits for what only the former one could do is told.</summary>
    public void Become(MemberRole role, Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        MemberRole before = Role;
        Role = role;
        _kernel.RoleEnds();
        _waitsNoLonger = false;
        if (before is Leading leader)
            GiveUp(leader, outbox);
        else if (before is Following follower)
            GiveUp(follower, outbox);
        FollowTransfer(before, outbox);
        _forwards?.Abandon(outbox);
        if (role is not Following { Leader: not null })
            _leaderWasHeard = false;
        outbox.RoleChanged();
    }

    /// <summary>Asks to be woken when there is something to do.</summary>
    public void Arm(Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        Instant due = Role is Leading ? Role.Due : Instant.Earlier(CampaignDue, Role.Due);
        due = Instant.Earlier(due, HandedOverDue);
        due = Instant.Earlier(due, _forwards?.Due ?? Instant.Never);
        if (due == _wakeAsked)
            return;

        _wakeAsked = due;
        outbox.WakeAt(due);
    }

    /// <summary>Adds what decides what it does next; see
    /// <see cref="IKernel.DigestVolatile"/>.</summary>
    public void Digest(in Turn turn, ref StateHash hash)
    {
        hash.Add((long)Pressure);
        hash.Add(_disconnected.Bits);
        hash.Add(HearsLeader(turn) ? 1 : 0);
        hash.Add(_waitsNoLonger ? 1 : 0);
        hash.Add(HasPromised(turn) ? 1 : 0);
        hash.Add(TransfersOver);
        hash.Add(_forwards is null ? 0 : 1);
        _forwards?.Digest(ref hash);
        hash.Add(_handedOver is null ? 0 : 1);
        _handedOver?.Digest(ref hash);
        hash.Add((long)KernelRole);
        Role.Digest(ref hash);
        if (Role is Leading { IsResting: false } leading)
            Digest(turn, leading, ref hash);
    }

    private void Digest(in Turn turn, Leading leading, ref StateHash hash)
    {
        foreach (Member peer in _others)
        {
            TimeSpan silence = SilenceOf(leading, peer, turn.Now);
            hash.Add(silence < _options.ElectionTimeout ? 1 : 0);
            hash.Add(leading.Peers[peer.Index].Told < _kernel.Committed ? 1 : 0);
        }

        hash.Add(HoldsLease(turn.Now) ? 1 : 0);
        hash.Add(IsStuck(turn, leading) ? 1 : 0);

        // Whether the next time it wakes it looks for a majority.
        Instant wakes = Instant.Earlier(leading.HeartbeatDue, leading.QuorumCheckDue);
        hash.Add(leading.QuorumCheckDue <= Instant.Later(wakes, turn.Now) ? 1 : 0);
    }

    private void LoseLeader(in Turn turn, Following following, Outbox outbox)
    {
        GiveUp(following, outbox);
        WakeUp(turn);
    }

    // More than the connection to a peer may be lost with it: what is on its way, and a transfer.
    private void Lose(in Turn turn, Leading leading, Member peer, Outbox outbox)
    {
        leading.Peers[peer.Index].Probe();
        EndRest(turn, leading, speakAt: turn.Now);
        EndTransferTo(turn, leading, peer, outbox);
    }

    // Proposals of a former leader may still be committed by the next one; reads have done nothing.
    private void GiveUp(Leading former, Outbox outbox)
    {
        foreach ((LogIndex _, RequestId request) in former.Proposals)
            GiveUp(request, outbox);
        foreach ((WaitingRead read, _, _) in former.Reads)
            Refuse(read, RejectReason.NotLeader, outbox);
        foreach (WaitingRead read in former.NewReads)
            Refuse(read, RejectReason.NotLeader, outbox);
        foreach ((RequestId request, long _) in former.Cancels)
            outbox.EndTransfer(request, TransferOutcome.NotLeader);
    }

    private static void GiveUp(Following former, Outbox outbox)
    {
        while (former.Reads.TryTake(out RequestId request))
            outbox.Reject(request, RejectReason.NotLeader);
    }
}
