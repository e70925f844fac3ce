namespace Synod.Kernel;

/// <summary>Idle groups fall silent, and wake (design §9). Only liveness rests on silence: votes,
/// commitment and reads need the same majorities and rounds as ever.</summary>
public sealed partial class LeaderDuties<TReign>
{
    /// <summary>Whether it has no timer: it leads and is silent, or follows such a
    /// leader.</summary>
    public bool IsResting => _waitsNoLonger || Role is Leading { IsResting: true };

    /// <summary>Whether the connection to the leader that it follows is down.</summary>
    public bool IsAlone => Leader is Member leader && _disconnected.Contains(leader);

    /// <summary>A follower doubts.</summary>
    [Rule(LeaderRules.DoubtEndsRest)]
    public void Receive(in Turn turn, Member from, in Rouse<TReign> message, Outbox outbox)
    {
        if (IsNewer(message.Reign))
            _kernel.Outbid(turn, message.Reign, outbox);
        else if (!IsPresent(message.Reign))
            _kernel.TellReign(from, outbox);
        else if (Role is Leading leading)
            EndRest(turn, leading, speakAt: turn.Now);
    }

    // The heartbeats that come now say that it rests, until all whom it reaches have answered one.
    [Rule(LeaderRules.IdleGroupRests)]
    private void OfferRest(Leading leading)
    {
        if (!MayRest(leading))
            leading.RestRound = 0;
        else if (leading.RestRound == 0)
            leading.RestRound = ++leading.Round;
    }

    /// <summary>Is silent from now on, if all know that it rests.</summary>
    [Rule(LeaderRules.IdleGroupRests)]
    public void FallSilent(Leading leading)
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
    private bool MayRest(Leading leading)
    {
        bool isIdle = _mayRest
            && leading.IsIdle
            && _kernel.Committed == _kernel.Last
            && _kernel.Durable == _kernel.Last;
        if (!isIdle)
            return false;

        MemberSet holders = MemberSet.Of(_self);
        foreach (Member peer in _others)
        {
            if (!IsConnected(peer))
                continue;

            PeerProgress progress = leading.Peers[peer.Index];
            if (progress.Match != _kernel.Last || progress.Health != KernelHealth.Whole)
                return false;

            holders = holders.With(peer);
        }

        return _epoch.Quorums.IsMajority(holders);
    }

    [Rule(LeaderRules.DoubtEndsRest)]
    private void EndRest(in Turn turn, Leading leading, Instant speakAt)
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
    private TimeSpan SilenceOf(Leading leading, Member peer, Instant now)
    {
        Instant heard = leading.Peers[peer.Index].Heard;
        if (!IsConnected(peer))
            return now - heard;

        Instant since = heard < leading.AwakeSince ? leading.AwakeSince : heard;
        return leading.IsResting ? TimeSpan.Zero : now - since;
    }

    /// <summary>The leader has said that it rests.</summary>
    /// <param name="holdsAll">Whether the member holds exactly what the leader has, and knows all
    /// of that to be committed.</param>
    /// <param name="leader">Who leads.</param>
    // What a dead leader sent last makes nobody rest: the news that its connection is down would
    // not come again.
    [Rule(LeaderRules.IdleGroupRests)]
    public void Rest(bool holdsAll, Member leader)
    {
        if (!holdsAll || _kernel.Health != KernelHealth.Whole || !IsConnected(leader))
            return;

        _waitsNoLonger = true;
        ElectionDue = Instant.Never;
    }

    [Rule(LeaderRules.DoubtEndsRest)]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    private void WakeUp(in Turn turn)
    {
        _waitsNoLonger = false;
        HurryElection(turn, _options.CampaignDelay);
    }

    /// <summary>A candidate has heard no leader, whatever became of the one here.</summary>
    // If it is that one itself, there is nobody to ask.
    [Rule(LeaderRules.CandidateLeadsNoLonger)]
    public void Doubt(
        in Turn turn, (Member Member, TReign Reign) candidate, Outbox outbox)
    {
        if (_waitsNoLonger && candidate.Member == Leader && IsNewer(candidate.Reign))
            Follow(turn, null, outbox);
        else if (Role is Leading leading)
            EndRest(turn, leading, speakAt: turn.Now);
        else
            Doubt(turn, outbox);
    }

    // The node of the leader lives, or its loss would have been told. So it is asked to speak, and
    // heard until now: one doubt must not depose a healthy leader.
    [Rule(LeaderRules.DoubtEndsRest)]
    private void Doubt(in Turn turn, Outbox outbox)
    {
        if (!_waitsNoLonger || Leader is not Member leader)
            return;

        _waitsNoLonger = false;
        _leaderHeard = turn.Now;
        ElectionDue = turn.Now + ElectionWait();
        outbox.Send(MemberSet.Of(leader), new Rouse<TReign>(_kernel.Reign));
    }
}
