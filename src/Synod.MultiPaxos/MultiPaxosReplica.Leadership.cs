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
        _duties.Doubt(turn, (from, message.Ballot), outbox);
        bool isBehind = message.Chosen.Number + _options.SlotsAheadMax < _state.Chosen.Number;
        bool granted = message.Ballot > _state.Promised
            && Health == KernelHealth.Whole
            && !isBehind
            && !_duties.HasPromised(turn)
            && !_duties.HearsLeader(turn);
        if (isBehind && _duties.MayCampaign)
            CampaignInstead(turn);

        ProbeReply reply = new(granted ? message.Ballot : _state.Promised, granted);
        outbox.Send(MemberSet.Of(from), reply);
    }

    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    public void Receive(in Turn turn, Member from, in ProbeReply message, Outbox outbox)
    {
        if (!message.IsGranted)
            Outbid(turn, message.Ballot, outbox);
        if (_duties.Role is not MultiPaxosProbing probing)
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
    public void AskForElection(in Turn turn, Outbox outbox)
    {
        MultiPaxosProbing probing = new(turn.Now) { Granted = MemberSet.Of(_self) };
        _duties.Become(probing, outbox);
        _duties.ElectionDue = turn.Now + _duties.ElectionWait();
        outbox.Send(_others, new Probe(NextBallot, _state.Chosen));
        CampaignIfWanted(turn, probing, outbox);
    }

    private void CampaignIfWanted(
        in Turn turn, MultiPaxosProbing probing, Outbox outbox)
    {
        if (_epoch.Quorums.IsMajority(probing.Granted))
            Campaign(turn, transfer: 0, outbox);
        else
            EndIfHopeless(turn, outbox);
    }

    // A higher ballot is promised: whoever led or campaigned here does so no more.
    [Rule(MultiPaxosRules.PromisesGrow)]
    private void Adopt(in Turn turn, Ballot ballot, Outbox outbox)
    {
        Invariant.Holds(_state.Promised < ballot, MultiPaxosRules.PromisesGrow);
        PersistPromise(ballot, outbox);
        _duties.Follow(turn, null, outbox);
    }

    // Somebody has promised a higher ballot than the own one, which so comes to nothing.
    [Rule(MultiPaxosRules.NackNamesBallot)]
    public void Outbid(in Turn turn, Ballot ballot, Outbox outbox)
    {
        if (ballot <= _state.Promised)
            return;

        _refused = ballot > _refused ? ballot : _refused;
        if (_duties.Role is Leading or MultiPaxosCampaigning)
            _duties.Follow(turn, null, outbox);
    }

    public void TellReign(Member older, Outbox outbox) =>
        outbox.Send(MemberSet.Of(older), new Nack(_state.Promised));

    public void RoleEnds() => _owedReply = null;

    [Rule(MultiPaxosRules.HopelessElectionEnds)]
    public void EndIfHopeless(in Turn turn, Outbox outbox)
    {
        if (_duties.Role is MultiPaxosCampaigning { Refused.IsEmpty: false } campaigning
            && _duties.IsHopeless(campaigning.Promised, campaigning.Refused))
        {
            _duties.TryElectionAgain(turn, campaigning.Begun);
        }
    }

    // A member that hears no leader either asks for a promise, and lags so far that it would have
    // to learn for long before it could lead. An own election that has begun goes on.
    [Rule(MultiPaxosRules.HopelessElectionEnds)]
    private void CampaignInstead(in Turn turn)
    {
        if (!_duties.HearsLeader(turn) && _duties.Role is not MultiPaxosCampaigning)
            _duties.HurryElection(turn, _options.CampaignDelay);
    }

    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private void PersistPromise(Ballot ballot, Outbox outbox)
    {
        _state.Promise(ballot);
        outbox.PersistStatement(new PromiseRecord(ballot, _state.Damage));
    }
}
