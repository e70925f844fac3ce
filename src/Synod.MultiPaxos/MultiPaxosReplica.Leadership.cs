using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>The one distinguished proposer: probing, outbidding, hearing a leader,
/// check-quorum.</summary>
internal sealed partial class MultiPaxosReplica
{
    private Ballot _refused;

    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    [Rule(MultiPaxosRules.LeaderIsHeard)]
    [Rule(MultiPaxosRules.LeasePromise)]
    public void Receive(in Turn turn, Member from, in Probe message, Outbox outbox)
    {
        Doubt(turn, (from, message.Ballot), outbox);
        bool isBehind = message.Chosen.Number + _options.SlotsAheadMax < _state.Chosen.Number;
        bool granted = message.Ballot > _state.Promised
            && Health == KernelHealth.Whole
            && !isBehind
            && !HasPromised(turn)
            && !HearsLeader(turn);
        if (isBehind && MayCampaign)
            CampaignInstead(turn);

        ProbeReply reply = new(granted ? message.Ballot : _state.Promised, granted);
        outbox.Send(MemberSet.Of(from), reply);
    }

    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    public void Receive(in Turn turn, Member from, in ProbeReply message, Outbox outbox)
    {
        if (!message.IsGranted)
            Outbid(turn, message.Ballot, outbox);
        if (_role is not MultiPaxosRole.Probing probing)
            return;

        if (!message.IsGranted)
            probing.Refused = probing.Refused.With(from);
        else if (message.Ballot == NextBallot)
            probing.Granted = probing.Granted.With(from);
        CampaignIfWanted(turn, probing, outbox);
    }

    [Rule(MultiPaxosRules.NackNamesBallot)]
    public void Receive(in Turn turn, Member from, in Nack message, Outbox outbox) =>
        Outbid(turn, message.Ballot, outbox);

    private Ballot NextBallot =>
        (_refused > _state.Promised ? _refused : _state.Promised).NextOf(_self);

    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    [Rule(MultiPaxosRules.RandomTimeouts)]
    private void BeginProbe(in Turn turn, Outbox outbox)
    {
        MultiPaxosRole.Probing probing = new(turn.Now) { Granted = MemberSet.Of(_self) };
        Become(probing, outbox);
        _electionDue = turn.Now + ElectionWait();
        outbox.Send(_others, new Probe(NextBallot, _state.Chosen));
        CampaignIfWanted(turn, probing, outbox);
    }

    private void CampaignIfWanted(
        in Turn turn, MultiPaxosRole.Probing probing, Outbox outbox)
    {
        if (_epoch.Quorums.IsMajority(probing.Granted))
            Campaign(turn, outbox);
        else
            EndIfHopeless(turn);
    }

    // A higher ballot is promised: whoever led or campaigned here does so no more.
    [Rule(MultiPaxosRules.PromisesGrow)]
    private void Adopt(in Turn turn, Ballot ballot, Outbox outbox)
    {
        Invariant.Holds(_state.Promised < ballot, MultiPaxosRules.PromisesGrow);
        PersistPromise(ballot, outbox);
        Follow(turn, null, outbox);
    }

    // Somebody has promised a higher ballot than the own one, which so comes to nothing.
    [Rule(MultiPaxosRules.NackNamesBallot)]
    private void Outbid(in Turn turn, Ballot ballot, Outbox outbox)
    {
        if (ballot <= _state.Promised)
            return;

        _refused = ballot > _refused ? ballot : _refused;
        if (_role is MultiPaxosRole.Leading or MultiPaxosRole.Campaigning)
            Follow(turn, null, outbox);
    }

    private void Refuse(Member from, Outbox outbox) =>
        outbox.Send(MemberSet.Of(from), new Nack(_state.Promised));

    private void Follow(in Turn turn, Member? leader, Outbox outbox)
    {
        // What a dead leader sent last does not postpone the campaign that its death began.
        bool isLate = leader is Member known && _disconnected.Contains(known);
        if (!isLate && (_role is not MultiPaxosRole.Following || leader is null))
            _electionDue = turn.Now + ElectionWait();
        if (leader is null || leader != Leader || _role is not MultiPaxosRole.Following)
            Become(new MultiPaxosRole.Following(leader), outbox);
    }

    private void Become(MultiPaxosRole role, Outbox outbox)
    {
        MultiPaxosRole before = _role;
        _role = role;
        _owedReply = null;
        _waitsNoLonger = false;
        if (before is MultiPaxosRole.Leading leader)
            GiveUp(leader, outbox);
        else if (before is MultiPaxosRole.Following follower)
            GiveUp(follower, outbox);
        FollowTransfer(before, outbox);
        _forwards.Abandon(outbox);
        if (role is not MultiPaxosRole.Following { Leader: not null })
            _leaderWasHeard = false;
        outbox.RoleChanged();
    }

    // An election that failed for lack of reachable acceptors is tried anew soon; random over more
    // than it took, so that those who outbid each other do not meet again, however slow the lines
    // are.
    [Rule(MultiPaxosRules.HopelessElectionEnds)]
    private void EndIfHopeless(in Turn turn)
    {
        if (_role is not MultiPaxosRole.Campaigning campaigning || campaigning.Refused.IsEmpty)
            return;

        MemberSet lost = new((ushort)(campaigning.Refused.Bits | _disconnected.Bits));
        MemberSet possible = new((ushort)(_epoch.All.Bits & ~lost.Bits));
        possible = new MemberSet((ushort)(possible.Bits | campaigning.Promised.Bits));
        if (!_epoch.Quorums.IsMajority(possible))
            HurryElection(turn, _options.CampaignDelay + ((turn.Now - campaigning.Begun) * 2));
    }

    // A member that hears no leader either asks for a promise, and lags so far that it would have
    // to learn for long before it could lead. An own election that has begun goes on.
    [Rule(MultiPaxosRules.HopelessElectionEnds)]
    private void CampaignInstead(in Turn turn)
    {
        if (!HearsLeader(turn) && _role is not MultiPaxosRole.Campaigning)
            HurryElection(turn, _options.CampaignDelay);
    }

    [Rule(MultiPaxosRules.BrokenConnectionIsNews)]
    private void HurryElection(in Turn turn, TimeSpan within)
    {
        Instant soon = Later(turn.Now, _promisedUntil) + _random.Below(within);
        _electionDue = Earlier(_electionDue, soon);
    }

    [Rule(MultiPaxosRules.CheckQuorum)]
    private void CheckQuorum(in Turn turn, MultiPaxosRole.Leading leading, Outbox outbox)
    {
        leading.QuorumCheckDue = turn.Now + _options.ElectionTimeout;
        MemberSet silent = UnresponsiveTo(leading, turn.Now);
        MemberSet heard = new((ushort)(_epoch.All.Bits & ~silent.Bits));
        if (!_epoch.Quorums.IsMajority(heard))
            Follow(turn, null, outbox);
    }

    private MemberSet UnresponsiveTo(MultiPaxosRole.Leading leading, Instant now)
    {
        MemberSet silent = default;
        foreach (Member peer in _others)
        {
            if (SilenceOf(leading, peer, now) >= _options.ElectionTimeout)
                silent = silent.With(peer);
        }

        return silent;
    }

    // More than the connection to a peer may be lost with it: what is on its way, and a transfer.
    private void Lose(
        in Turn turn, MultiPaxosRole.Leading leading, Member peer, Outbox outbox)
    {
        leading.Peers[peer.Index].Probe();
        EndRest(turn, leading, speakAt: turn.Now);
        EndTransferTo(turn, leading, peer, outbox);
    }

    private void Tick(in Turn turn, MultiPaxosRole.Leading leading, Outbox outbox)
    {
        if (leading.IsResting)
            return;

        if (turn.Now >= leading.QuorumCheckDue)
            CheckQuorum(turn, leading, outbox);
        if (_role == leading && turn.Now >= leading.HeartbeatDue)
            Beat(turn, leading, outbox);
        if (_role == leading && turn.Now >= leading.Transfer?.Due)
            EndTransfer(turn, leading, TransferOutcome.Unresponsive, outbox);
        if (_role == leading)
            WatchDisk(turn, leading);
    }

    private void Beat(in Turn turn, MultiPaxosRole.Leading leading, Outbox outbox)
    {
        OfferRest(leading);
        SendHeartbeats(turn, leading, outbox);
        FallSilent(leading);
    }

    // Leads itself, or has heard a leader lately over a connection that is not known to be down.
    [Rule(MultiPaxosRules.LeaderIsHeard)]
    [Rule(MultiPaxosRules.BrokenConnectionIsNews)]
    private bool HearsLeader(in Turn turn) =>
        _role is MultiPaxosRole.Leading
        || (_leaderWasHeard
            && (_waitsNoLonger || turn.Now - _leaderHeard < _options.ElectionTimeout)
            && !(Leader is Member leader && _disconnected.Contains(leader)));

    // An own candidacy would break the promise like any vote.
    [Rule(MultiPaxosRules.LeasePromise)]
    private Instant CampaignDue => Later(_electionDue, _promisedUntil);

    // Connection or not, and whoever asks: the leader may be serving reads by it.
    [Rule(MultiPaxosRules.LeasePromise)]
    private bool HasPromised(in Turn turn) => turn.Now < _promisedUntil;

    [Rule(MultiPaxosRules.LeasePromise)]
    private void PromiseLeader(in Turn turn)
    {
        if (_epoch.Parameters.Lease.AreOn && !_others.IsEmpty)
            _promisedUntil = Later(_promisedUntil, turn.Now + _epoch.Parameters.Lease.Promise);
    }

    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private void PersistPromise(Ballot ballot, Outbox outbox)
    {
        _state.Promise(ballot);
        outbox.PersistStatement(new PromiseRecord(ballot, _state.Damage));
    }

    private TimeSpan ElectionWait() =>
        _options.ElectionTimeout + _random.Below(_options.ElectionTimeout);
}
