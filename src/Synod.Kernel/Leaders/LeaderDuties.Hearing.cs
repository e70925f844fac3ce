namespace Synod.Kernel;

/// <summary>To be heard as a leader, and to hear one: heartbeats, election timeouts,
/// check-quorum.</summary>
public sealed partial class LeaderDuties<TReign>
{
    private Instant _promisedUntil = new(long.MinValue);
    private Instant _leaderHeard;
    private bool _leaderWasHeard;
    private bool _waitsNoLonger;

    /// <summary>Whether it may be a candidate: a damaged member is none, whatever it is
    /// asked.</summary>
    [Rule(LeaderRules.DamagedIsSilent)]
    public bool MayCampaign => _kernel.Health == KernelHealth.Whole;

    // An own candidacy would break the promise like any vote.
    [Rule(LeaderRules.LeasePromise)]
    private Instant CampaignDue => Instant.Later(ElectionDue, _promisedUntil);

    /// <summary>A random time to wait for a leader.</summary>
    [Rule(LeaderRules.RandomTimeouts)]
    public TimeSpan ElectionWait() =>
        _options.ElectionTimeout + _random.Below(_options.ElectionTimeout);

    /// <summary>A first election need not wait a whole timeout: who campaigns asks first, which
    /// keeps a healthy leader from being disturbed by it.</summary>
    [Rule(LeaderRules.PromiseOutlivesRestart)]
    public void Start(in Turn turn, Outbox outbox)
    {
        Promise(turn);
        ElectionDue = turn.Now + _random.Below(_options.ElectionTimeout);
        Arm(outbox);
    }

    /// <summary>The leader has said something.</summary>
    // Whether a connection is up is the transport's news alone. What a dead leader sent last may be
    // read after the news that its connection is down; it must not make the leader heard again.
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void HearLeader(in Turn turn, Member leader)
    {
        Promise(turn);
        if (_disconnected.Contains(leader))
            return;

        _waitsNoLonger = false;
        _leaderWasHeard = true;
        _leaderHeard = turn.Now;
        ElectionDue = turn.Now + ElectionWait();
    }

    /// <summary>Whether it leads itself, or has heard a leader lately over a connection that is not
    /// known to be down.</summary>
    [Rule(LeaderRules.LeaderIsHeard)]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public bool HearsLeader(in Turn turn) =>
        Role is Leading
        || (_leaderWasHeard
            && (_waitsNoLonger || turn.Now - _leaderHeard < _options.ElectionTimeout)
            && !(Leader is Member leader && _disconnected.Contains(leader)));

    /// <summary>Whether it has promised a leader to elect nobody else yet. Connection or not, and
    /// whoever asks: the leader may be serving reads by it.</summary>
    [Rule(LeaderRules.LeasePromise)]
    public bool HasPromised(in Turn turn) => turn.Now < _promisedUntil;

    /// <summary>Brings the next campaign forward, but not before what was promised is
    /// over.</summary>
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void HurryElection(in Turn turn, TimeSpan within)
    {
        Instant soon = Instant.Later(turn.Now, _promisedUntil) + _random.Below(within);
        ElectionDue = Instant.Earlier(ElectionDue, soon);
    }

    /// <summary>Whether no majority can be for a candidate any more.</summary>
    public bool IsHopeless(MemberSet granted, MemberSet refused)
    {
        MemberSet possible = _epoch.All.Except(refused).Except(_disconnected).Or(granted);
        return !_epoch.Quorums.IsMajority(possible);
    }

    /// <summary>An election that failed for lack of reachable members is tried anew soon; random
    /// over more than it took, so that those who split it do not meet again, however slow the lines
    /// are.</summary>
    [Rule(LeaderRules.HopelessElectionEnds)]
    public void TryElectionAgain(in Turn turn, Instant begun) =>
        HurryElection(turn, _options.CampaignDelay + ((turn.Now - begun) * 2));

    /// <summary>Who has not answered for an election timeout.</summary>
    public MemberSet UnresponsiveTo(Leading leading, Instant now)
    {
        MemberSet silent = default;
        foreach (Member peer in _others)
        {
            if (SilenceOf(leading, peer, now) >= _options.ElectionTimeout)
                silent = silent.With(peer);
        }

        return silent;
    }

    [Rule(LeaderRules.LeasePromise)]
    private void Promise(in Turn turn)
    {
        if (_epoch.Parameters.Lease.AreOn && !_others.IsEmpty)
        {
            _promisedUntil =
                Instant.Later(_promisedUntil, turn.Now + _epoch.Parameters.Lease.Promise);
        }
    }

    [Rule(LeaderRules.CheckQuorum)]
    private void CheckQuorum(in Turn turn, Leading leading, Outbox outbox)
    {
        leading.QuorumCheckDue = turn.Now + _options.ElectionTimeout;
        MemberSet silent = UnresponsiveTo(leading, turn.Now);
        if (!_epoch.Quorums.IsMajority(_epoch.All.Except(silent)))
            Follow(turn, null, outbox);
    }

    private void Tick(in Turn turn, Leading leading, Outbox outbox)
    {
        if (leading.IsResting)
            return;

        if (turn.Now >= leading.QuorumCheckDue)
            CheckQuorum(turn, leading, outbox);
        if (Role == leading && turn.Now >= leading.HeartbeatDue)
            Beat(turn, leading, outbox);
        if (Role == leading && turn.Now >= leading.Transfer?.Due)
            EndTransfer(turn, leading, TransferOutcome.Unresponsive, outbox);
        if (Role == leading)
            WatchDisk(turn, leading);
    }

    private void Beat(in Turn turn, Leading leading, Outbox outbox)
    {
        OfferRest(leading);
        SendHeartbeats(turn, leading, outbox);
        FallSilent(leading);
    }

    private void SendHeartbeats(in Turn turn, Leading leading, Outbox outbox)
    {
        RenewLease(turn, leading);
        leading.HeartbeatDue = turn.Now + _options.HeartbeatInterval;
        foreach (Member peer in _others)
            _kernel.SendHeartbeat(leading, peer, outbox);

        // A request to campaign may have been lost.
        if (leading.Transfer is { IsAsked: true } transfer)
            AskToCampaign(leading, transfer, outbox);
    }

    private bool IsPresent(TReign reign) => reign.Number == _kernel.Reign.Number;

    private bool IsNewer(TReign reign) => reign.Number > _kernel.Reign.Number;
}
