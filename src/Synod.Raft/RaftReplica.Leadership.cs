using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Elections: pre-vote, vote, check-quorum.</summary>
internal sealed partial class RaftReplica
{
    [Rule(RaftRules.OneVotePerTerm)]
    [Rule(RaftRules.LeaderIsHeard)]
    [Rule(RaftRules.LeadershipTransfer)]
    [Rule(RaftRules.LeasePromise)]
    public void Receive(in Turn turn, Member from, in RequestVote message, Outbox outbox)
    {
        Doubt(turn, from, message.Term, outbox);

        // A leader that asks another to campaign has no lease, and none before it has one.
        bool isFree = message.Transfer > 0 || !HasPromised(turn);
        bool isUnasked = !message.IsPreVote
            && message.Term > _state.CurrentTerm
            && (!isFree || (HearsLeader(turn) && !IsAskedByLeader(from, message)));
        if (isUnasked)
            return;

        if (!message.IsPreVote && message.Term > _state.CurrentTerm)
            Adopt(turn, message.Term, outbox);

        bool granted = isFree && IsUpToDate(message) && (message.IsPreVote
            ? message.Term > _state.CurrentTerm && !HearsLeader(turn)
            : message.Term == _state.CurrentTerm && IsVoteFreeFor(from));

        if (granted && !message.IsPreVote && _state.VotedFor is null)
        {
            PersistVote(_state.CurrentTerm, from, outbox);
            _electionDue = turn.Now + ElectionWait();
        }

        if (message.IsPreVote && !IsUpToDate(message))
            CampaignInstead(turn);

        Term term = granted ? message.Term : _state.CurrentTerm;
        outbox.Send(MemberSet.Of(from), new VoteReply(term, message.IsPreVote, granted));
    }

    [Rule(RaftRules.MajorityElects)]
    public void Receive(in Turn turn, Member from, in VoteReply message, Outbox outbox)
    {
        bool isPromise = message.IsPreVote && message.IsGranted;
        if (!isPromise && message.Term > _state.CurrentTerm)
        {
            Adopt(turn, message.Term, outbox);
            return;
        }

        Term asked = message.IsPreVote ? _state.CurrentTerm.Next() : _state.CurrentTerm;
        if (_role is not RaftRole.Campaigning campaigning
            || campaigning.IsPreVote != message.IsPreVote
            || (message.Term != asked && (message.IsGranted || !message.IsPreVote)))
        {
            return;
        }

        if (message.IsGranted)
        {
            CountVote(turn, campaigning, from, outbox);
            return;
        }

        campaigning.Refused = campaigning.Refused.With(from);
        EndIfHopeless(turn, campaigning, outbox);
    }

    [Rule(RaftRules.PreVote)]
    [Rule(RaftRules.RandomTimeouts)]
    private void Campaign(in Turn turn, bool isPreVote, Outbox outbox, long transfer = 0)
    {
        Term term = _state.CurrentTerm.Next();
        if (!isPreVote)
            PersistVote(term, _self, outbox);

        RaftRole.Campaigning campaigning =
            new(isPreVote, isPreVote ? default : outbox.Appended, turn.Now);
        Become(campaigning, outbox);
        _electionDue = turn.Now + ElectionWait();
        (LogIndex last, Term lastTerm) = (_state.Log.Last, _state.Log.LastTerm);
        outbox.Send(_others, new RequestVote(term, last, lastTerm, isPreVote, transfer));

        // The own vote counts once it is durable; the own promise of a vote binds nobody.
        if (isPreVote)
            CountVote(turn, campaigning, _self, outbox);
    }

    [Rule(RaftRules.MajorityElects)]
    private void CountVote(
        in Turn turn, RaftRole.Campaigning campaigning, Member voter, Outbox outbox)
    {
        campaigning.Granted = campaigning.Granted.With(voter);
        if (!_epoch.Quorums.IsMajority(campaigning.Granted))
            EndIfHopeless(turn, campaigning, outbox);
        else if (campaigning.IsPreVote)
            Campaign(turn, isPreVote: false, outbox);
        else
            Lead(turn, outbox);
    }

    [Rule(RaftRules.NoOpAtElection)]
    [Rule(RaftRules.ElectionSafety)]
    private void Lead(in Turn turn, Outbox outbox)
    {
        Invariant.Holds(_state.VotedFor == _self, RaftRules.ElectionSafety);
        PeerProgress[] peers = new PeerProgress[_epoch.Members.Count];
        for (int peer = 0; peer < peers.Length; peer++)
            peers[peer] = new PeerProgress(_state.Log.Last.Next(), turn.Now);

        LeaderLease lease = new(_epoch);
        RaftRole.Leading leading = new(peers, _state.Log.Last.Next(), lease)
        {
            AwakeSince = turn.Now,
            HeartbeatDue = turn.Now + _options.HeartbeatInterval,
            QuorumCheckDue = turn.Now + _options.ElectionTimeout,
            FirstCommitDue = turn.Now + _options.ElectionTimeout,
        };
        Append(RaftEntryKind.NoOp, default, outbox);
        Become(leading, outbox);
    }

    [Rule(RaftRules.TermsGrow)]
    private void Adopt(in Turn turn, Term term, Outbox outbox)
    {
        Invariant.Holds(_state.CurrentTerm < term, RaftRules.TermsGrow);
        PersistVote(term, null, outbox);
        Follow(turn, null, outbox);
    }

    private void Follow(in Turn turn, Member? leader, Outbox outbox)
    {
        // What a dead leader sent last does not postpone the campaign that its death began.
        bool isLate = leader is Member known && _disconnected.Contains(known);
        if (!isLate && (_role is RaftRole.Leading or RaftRole.Campaigning || leader is null))
            _electionDue = turn.Now + ElectionWait();
        if (leader is null || leader != Leader || _role is not RaftRole.Following)
            Become(new RaftRole.Following(leader), outbox);
    }

    private void Become(RaftRole role, Outbox outbox)
    {
        RaftRole before = _role;
        _role = role;
        _owedReply = null;
        _waitsNoLonger = false;
        if (before is RaftRole.Leading leader)
            GiveUp(leader, outbox);
        else if (before is RaftRole.Following follower)
            GiveUp(follower, outbox);
        FollowTransfer(before, outbox);
        _forwards.Abandon(outbox);
        if (role is not RaftRole.Following { Leader: not null })
            _leaderWasHeard = false;
        outbox.RoleChanged();
    }

    // An election that failed for lack of reachable voters is tried anew soon; random over more
    // than it took, so that those who split the vote do not meet again, however slow the lines are.
    [Rule(RaftRules.HopelessElectionEnds)]
    private void EndIfHopeless(in Turn turn, RaftRole.Campaigning campaigning, Outbox outbox)
    {
        MemberSet lost = new((ushort)(campaigning.Refused.Bits | _disconnected.Bits));
        MemberSet possible = new((ushort)(_epoch.All.Bits & ~lost.Bits));
        possible = new MemberSet((ushort)(possible.Bits | campaigning.Granted.Bits));
        bool isSplit = !campaigning.IsPreVote && !campaigning.Refused.IsEmpty;
        if (isSplit && !_epoch.Quorums.IsMajority(possible))
            HurryElection(turn, _options.CampaignDelay + ((turn.Now - campaigning.Begun) * 2));
    }

    // A member that hears no leader either asks for a promise, and its log cannot win against this
    // one. An own election that has begun goes on.
    [Rule(RaftRules.HopelessElectionEnds)]
    private void CampaignInstead(in Turn turn)
    {
        if (!HearsLeader(turn) && _role is not RaftRole.Campaigning { IsPreVote: false })
            HurryElection(turn, _options.CampaignDelay);
    }

    [Rule(RaftRules.BrokenConnectionIsNews)]
    private void HurryElection(in Turn turn, TimeSpan within)
    {
        Instant soon = Later(turn.Now, _promisedUntil) + _random.Below(within);
        _electionDue = Earlier(_electionDue, soon);
    }

    [Rule(RaftRules.CheckQuorum)]
    private void CheckQuorum(in Turn turn, RaftRole.Leading leading, Outbox outbox)
    {
        leading.QuorumCheckDue = turn.Now + _options.ElectionTimeout;
        MemberSet silent = UnresponsiveTo(leading, turn.Now);
        MemberSet heard = new((ushort)(_epoch.All.Bits & ~silent.Bits));
        if (!_epoch.Quorums.IsMajority(heard))
            Follow(turn, null, outbox);
    }

    private MemberSet UnresponsiveTo(RaftRole.Leading leading, Instant now)
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
    private void Lose(in Turn turn, RaftRole.Leading leading, Member peer, Outbox outbox)
    {
        leading.Peers[peer.Index].Probe();
        EndRest(turn, leading, speakAt: turn.Now);
        EndTransferTo(turn, leading, peer, outbox);
    }

    private void Tick(in Turn turn, RaftRole.Leading leading, Outbox outbox)
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

    private void Beat(in Turn turn, RaftRole.Leading leading, Outbox outbox)
    {
        OfferRest(leading);
        SendHeartbeats(turn, leading, outbox);
        FallSilent(leading);
    }

    // Leads itself, or has heard a leader lately over a connection that is not known to be down.
    [Rule(RaftRules.LeaderIsHeard)]
    [Rule(RaftRules.BrokenConnectionIsNews)]
    private bool HearsLeader(in Turn turn) =>
        _role is RaftRole.Leading
        || (_leaderWasHeard
            && (_waitsNoLonger || turn.Now - _leaderHeard < _options.ElectionTimeout)
            && !(Leader is Member leader && _disconnected.Contains(leader)));

    // An own candidacy would break the promise like any vote.
    [Rule(RaftRules.LeasePromise)]
    private Instant CampaignDue => Later(_electionDue, _promisedUntil);

    // Connection or not, and whoever asks: the leader may be serving reads by it.
    [Rule(RaftRules.LeasePromise)]
    private bool HasPromised(in Turn turn) => turn.Now < _promisedUntil;

    [Rule(RaftRules.LeasePromise)]
    private void Promise(in Turn turn)
    {
        if (_epoch.Parameters.Lease.AreOn && !_others.IsEmpty)
            _promisedUntil = Later(_promisedUntil, turn.Now + _epoch.Parameters.Lease.Promise);
    }

    private bool IsVoteFreeFor(Member candidate) =>
        _state.VotedFor is null || _state.VotedFor == candidate;

    [Rule(RaftRules.UpToDateLogWins)]
    [Rule(RaftRules.DamagedVotesByWhatItHad)]
    private bool IsUpToDate(in RequestVote request) =>
        LastForVotes is RaftLast last
        && (request.LastTerm > last.Term
            || (request.LastTerm == last.Term && request.LastIndex >= last.Index));

    [Rule(RaftRules.DurableBeforeAnswer)]
    private void PersistVote(Term term, Member? votedFor, Outbox outbox)
    {
        _state.SetVote(term, votedFor);
        outbox.PersistStatement(new VoteRecord(term, votedFor, _state.Damage));
    }

    private TimeSpan ElectionWait() =>
        _options.ElectionTimeout + _random.Below(_options.ElectionTimeout);
}
