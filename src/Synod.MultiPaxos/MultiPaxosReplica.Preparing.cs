using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Phase 1 for all slots at once: promises in pages, and what a new leader proposes
/// again.</summary>
internal sealed partial class MultiPaxosReplica
{
    // A promise is for all slots and for ever; only pages of the newest one are given.
    [Rule(MultiPaxosRules.PromisesGrow)]
    [Rule(MultiPaxosRules.LeaderIsHeard)]
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    [Rule(MultiPaxosRules.LeasePromise)]
    public void Receive(in Turn turn, Member from, in Prepare message, Outbox outbox)
    {
        _duties.Doubt(turn, (from, message.Ballot), outbox);
        if (message.Ballot.Proposer != from)
        {
            outbox.Violated(MultiPaxosRules.OneValuePerBallot, from);
            return;
        }

        if (message.Ballot < _state.Promised)
        {
            TellReign(from, outbox);
            return;
        }

        // A leader that asks another to campaign has no lease, and none before it has one.
        bool isFree = message.Transfer > 0 || !_duties.HasPromised(turn);
        bool isUnasked = message.Ballot > _state.Promised
            && (!isFree || (_duties.HearsLeader(turn) && !IsAskedByLeader(message)));
        if (isUnasked || Health == KernelHealth.Voiceless)
            return;

        if (message.Ballot > _state.Promised)
        {
            Adopt(turn, message.Ballot, outbox);
            _duties.ElectionDue = turn.Now + _duties.ElectionWait();
        }

        SendPage(from, message.From, outbox);
    }

    // Pages come in order; one that does not is of an earlier question. A damaged acceptor does not
    // know what it has accepted: its promise keeps out lower ballots, and completes nothing.
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    [Rule(MultiPaxosRules.UnknownIsNotNothing)]
    public void Receive(in Turn turn, Member from, in Promise message, Outbox outbox)
    {
        bool isMine = _duties.Role is MultiPaxosCampaigning
            && message.Ballot == _state.Promised
            && message.Ballot.Proposer == _self;
        if (!isMine || _duties.Role is not MultiPaxosCampaigning campaigning)
            return;

        if (message.Health != KernelHealth.Whole || IsFarAhead(message))
        {
            campaigning.Refused = campaigning.Refused.With(from);
            EndIfHopeless(turn, outbox);
            return;
        }

        if (campaigning.Promised.Contains(from) || message.From != campaigning.NextOf(from))
            return;

        if (!TryTake(message))
        {
            GiveWay(turn, campaigning, from, outbox);
            return;
        }

        bool hasGap = message.Slots.IsEmpty && message.From <= message.Last;
        if (hasGap || !TryStore(message, outbox))
        {
            outbox.Violated(MultiPaxosRules.PromiseReportsAll, from);
            return;
        }

        campaigning.Took(from, message.Through);
        _duties.ElectionDue =
            Instant.Later(_duties.ElectionDue, turn.Now + _options.ElectionTimeout);
        if (message.Through < message.Last)
            Ask(campaigning, from, outbox);
        else
            CountPromise(turn, campaigning, from, outbox);
    }

    private bool IsAskedByLeader(in Prepare request) => _duties.IsAskedByLeader(
        request.Ballot.Proposer,
        request.Transfer,
        isNext: request.Ballot.Round <= _state.Promised.Round + 1);

    // It would not have granted a probe, and this member would learn from it for long.
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    private bool IsFarAhead(in Promise message) =>
        message.Last.Number - _state.Chosen.Number > 2L * _options.SlotsAheadMax;

    // The own promise is a record like any other's, and the ballot is above every one that this
    // member has ever promised: so it never uses one twice, whatever its lives forget.
    [Rule(MultiPaxosRules.RestartMeansNewBallot)]
    [Rule(MultiPaxosRules.RandomTimeouts)]
    public void Campaign(in Turn turn, long transfer, Outbox outbox)
    {
        PersistPromise(NextBallot, outbox);
        MultiPaxosCampaigning campaigning = new(
            outbox.Appended, _state.Chosen.Next(), (_epoch.Members.Count, turn.Now))
        {
            Transfer = transfer,
            AsksAgain = turn.Now + _options.HeartbeatInterval,
        };
        _duties.Become(campaigning, outbox);
        _duties.ElectionDue = turn.Now + _duties.ElectionWait();
        outbox.Send(_others, new Prepare(_state.Promised, _state.Chosen.Next(), transfer));
    }

    private void Ask(MultiPaxosCampaigning campaigning, Member peer, Outbox outbox) =>
        outbox.Send(
            MemberSet.Of(peer),
            new Prepare(_state.Promised, campaigning.NextOf(peer), campaigning.Transfer));

    private void AskAgain(
        in Turn turn, MultiPaxosCampaigning campaigning, Outbox outbox)
    {
        if (turn.Now < campaigning.AsksAgain)
            return;

        campaigning.AsksAgain = turn.Now + _options.HeartbeatInterval;
        foreach (Member peer in _others)
        {
            if (!campaigning.Promised.Contains(peer) && _duties.IsConnected(peer))
                Ask(campaigning, peer, outbox);
        }
    }

    // What is told of a slot now, while nothing lower can be accepted here any more, is what was
    // accepted before the promise: so all pages are of one cut.
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    private void SendPage(Member to, LogIndex from, Outbox outbox)
    {
        (int count, _) = Gather(from, _state.Slots.Last);
        Promise page = new()
        {
            Ballot = _state.Promised,
            From = from,
            Last = LogIndex.Max(_state.Slots.Last, _state.Chosen),
            Chosen = _state.Chosen,
            Health = Health,
            Slots = _heads.AsSpan(0, count),
        };
        outbox.Send(MemberSet.Of(to), page, _commands.AsSpan(0, count));
    }

    [Rule(MultiPaxosRules.MajorityElects)]
    private void CountPromise(
        in Turn turn, MultiPaxosCampaigning campaigning, Member acceptor, Outbox outbox)
    {
        campaigning.Promised = campaigning.Promised.With(acceptor);
        if (_epoch.Quorums.IsMajority(campaigning.Promised))
            Lead(turn, campaigning.Promised, outbox);
        else
            EndIfHopeless(turn, outbox);
    }

    // Whatever can have been chosen in a lower ballot was told of by one of the majority, so every
    // slot up to the highest one that was told of is proposed again in the own ballot, and those of
    // which nobody has told are free.
    [Rule(MultiPaxosRules.HolesAreFilled)]
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    private void Lead(in Turn turn, MemberSet majority, Outbox outbox)
    {
        Invariant.Holds(
            _state.Promised.Proposer == _self, MultiPaxosRules.OneValuePerBallot);
        (LogIndex below, LogIndex fresh) = (_state.Chosen, _state.Slots.Last);
        PeerProgress[] peers = new PeerProgress[_epoch.Members.Count];
        for (int peer = 0; peer < peers.Length; peer++)
            peers[peer] = new PeerProgress(below.Next(), turn.Now);

        MultiPaxosLeading leading = new(peers, (below, fresh))
        {
            ElectedBy = majority,
            Lease = new LeaderLease(_epoch),
            AwakeSince = turn.Now,
            HeartbeatDue = turn.Now,
            QuorumCheckDue = turn.Now + _options.ElectionTimeout,
            FirstCommitDue = turn.Now + _options.ElectionTimeout,
        };
        EndWaiting();
        _state.Lead(below);
        ProposeAgain(below.Next(), fresh, outbox);
        _duties.Become(leading, outbox);
    }

    [Rule(MultiPaxosRules.HolesAreFilled)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    private void ProposeAgain(LogIndex first, LogIndex last, Outbox outbox)
    {
        for (LogIndex slot = first; slot <= last; slot = slot.Next())
        {
            LogIndex end = slot;
            if (_state.Slots[slot].Kind == MultiPaxosValueKind.None)
            {
                FillHole(slot, outbox);
                continue;
            }

            while (end < last && _state.Slots[end.Next()].Kind != MultiPaxosValueKind.None)
                end = end.Next();
            Raise(new Run(slot, end, _state.Promised), outbox);
            slot = end;
        }
    }

    // What an acceptor has of an older leader, above all that this one was told of, is not chosen.
    // It is kept from coming back after the next election, long after its client has given it up.
    [Rule(MultiPaxosRules.HolesAreFilled)]
    private void FillBehind(in Accepted message, Outbox outbox)
    {
        LogIndex ahead = _state.Chosen + _options.SlotsAheadMax;
        LogIndex last = LogIndex.Min(message.Last, ahead);
        while (_state.Slots.Last < last && _duties.Pressure == StoragePressure.None)
            FillHole(_state.Slots.Last.Next(), outbox);
    }

    private void FillHole(LogIndex slot, Outbox outbox) => Store(
        slot,
        MultiPaxosSlotHead.First(_state.Promised, MultiPaxosValueKind.NoOp, 0),
        default,
        outbox);
}
