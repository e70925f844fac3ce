using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Idle groups fall silent, and wake (design §9). Only liveness rests on silence:
/// promises, choices and reads need the same majorities and rounds as ever.</summary>
internal sealed partial class MultiPaxosReplica
{
    /// <summary>Whether it has no timer: it leads and is silent, or follows such a
    /// leader.</summary>
    internal bool IsResting =>
        _waitsNoLonger || _role is MultiPaxosRole.Leading { IsResting: true };

    /// <summary>Whether the connection to the leader that it follows is down.</summary>
    internal bool IsAlone => Leader is Member leader && _disconnected.Contains(leader);

    [Rule(MultiPaxosRules.DoubtEndsRest)]
    public void Receive(in Turn turn, Member from, in Rouse message, Outbox outbox)
    {
        if (message.Ballot < _state.Promised)
            Refuse(from, outbox);
        else if (_role is MultiPaxosRole.Leading leading)
            EndRest(turn, leading, speakAt: turn.Now);
    }

    // The heartbeats that come now say that it rests, until all whom it reaches have answered one.
    [Rule(MultiPaxosRules.IdleGroupRests)]
    private void OfferRest(MultiPaxosRole.Leading leading)
    {
        if (!MayRest(leading))
            leading.RestRound = 0;
        else if (leading.RestRound == 0)
            leading.RestRound = ++leading.Round;
    }

    [Rule(MultiPaxosRules.IdleGroupRests)]
    private void FallSilent(MultiPaxosRole.Leading leading)
    {
        if (leading.RestRound == 0 || leading.IsResting || !MayRest(leading))
            return;

        foreach (Member peer in _others)
        {
            if (IsConnected(peer) && leading.Peers[peer.Index].Round < leading.RestRound)
                return;
        }

        leading.IsResting = true;
    }

    // A member that is not reached does not keep the others awake: its return is news. A leader
    // that reaches no majority must find that out.
    private bool MayRest(MultiPaxosRole.Leading leading)
    {
        bool isIdle = _mayRest
            && leading.IsIdle
            && _state.Chosen == _state.Slots.Last
            && _state.Durable == _state.Slots.Last;
        if (!isIdle)
            return false;

        MemberSet holders = MemberSet.Of(_self);
        foreach (Member peer in _others)
        {
            if (!IsConnected(peer))
                continue;

            PeerProgress progress = leading.Peers[peer.Index];
            if (progress.Match != _state.Slots.Last || progress.Health != KernelHealth.Whole)
                return false;

            holders = holders.With(peer);
        }

        return _epoch.Quorums.IsMajority(holders);
    }

    [Rule(MultiPaxosRules.DoubtEndsRest)]
    private void EndRest(in Turn turn, MultiPaxosRole.Leading leading, Instant speakAt)
    {
        leading.RestRound = 0;
        if (!leading.IsResting)
            return;

        leading.IsResting = false;
        leading.AwakeSince = turn.Now;
        leading.HeartbeatDue = speakAt;
        leading.QuorumCheckDue = turn.Now + _options.ElectionTimeout;
    }

    // While it rests nobody who is reached is asked, and none of them is silent.
    private TimeSpan SilenceOf(MultiPaxosRole.Leading leading, Member peer, Instant now)
    {
        Instant heard = leading.Peers[peer.Index].Heard;
        if (!IsConnected(peer))
            return now - heard;

        Instant since = heard < leading.AwakeSince ? leading.AwakeSince : heard;
        return leading.IsResting ? TimeSpan.Zero : now - since;
    }

    // It knows all that the leader has to be chosen. What a dead leader sent
    // last makes nobody rest: the news that its connection is down would not come again.
    [Rule(MultiPaxosRules.IdleGroupRests)]
    private void Rest(in Accept message, Member leader)
    {
        bool holdsAll = _state.Chosen == message.Last
            && message.Slots.IsEmpty
            && _state.Damage.Health == KernelHealth.Whole;
        if (!holdsAll || !IsConnected(leader))
            return;

        _waitsNoLonger = true;
        _electionDue = Instant.Never;
    }

    [Rule(MultiPaxosRules.DoubtEndsRest)]
    [Rule(MultiPaxosRules.BrokenConnectionIsNews)]
    private void WakeUp(in Turn turn)
    {
        _waitsNoLonger = false;
        HurryElection(turn, _options.CampaignDelay);
    }

    // A candidate has heard no leader, whatever became of the one here. If it is that one itself,
    // there is nobody to ask.
    [Rule(MultiPaxosRules.CandidateLeadsNoLonger)]
    private void Doubt(
        in Turn turn, (Member Member, Ballot Ballot) candidate, Outbox outbox)
    {
        if (_waitsNoLonger && candidate.Member == Leader && candidate.Ballot > _state.Promised)
            Follow(turn, null, outbox);
        else if (_role is MultiPaxosRole.Leading leading)
            EndRest(turn, leading, speakAt: turn.Now);
        else
            Doubt(turn, outbox);
    }

    // The node of the leader lives, or its loss would have been told. So it is asked to speak, and
    // heard until now: one doubt must not depose a healthy leader.
    [Rule(MultiPaxosRules.DoubtEndsRest)]
    private void Doubt(in Turn turn, Outbox outbox)
    {
        if (!_waitsNoLonger || Leader is not Member leader)
            return;

        _waitsNoLonger = false;
        _leaderHeard = turn.Now;
        _electionDue = turn.Now + ElectionWait();
        outbox.Send(MemberSet.Of(leader), new Rouse(_state.Promised));
    }
}
