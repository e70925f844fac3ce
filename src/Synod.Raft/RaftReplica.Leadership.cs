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
        _duties.Doubt(turn, (from, message.Term), outbox);

        // A leader that asks another to campaign has no lease, and none before it has one.
        bool isFree = message.Transfer > 0 || !_duties.HasPromised(turn);
        bool isUnasked = !message.IsPreVote
            && message.Term > _state.CurrentTerm
            && (!isFree || (_duties.HearsLeader(turn) && !IsAskedByLeader(from, message)));
        if (isUnasked)
            return;

        if (!message.IsPreVote && message.Term > _state.CurrentTerm)
            Adopt(turn, message.Term, outbox);

        bool granted = isFree && IsUpToDate(message) && (message.IsPreVote
            ? message.Term > _state.CurrentTerm && !_duties.HearsLeader(turn)
            : message.Term == _state.CurrentTerm && IsVoteFreeFor(from));

        if (granted && !message.IsPreVote && _state.VotedFor is null)
        {
            PersistVote(_state.CurrentTerm, from, outbox);
            _duties.ElectionDue = turn.Now + _duties.ElectionWait();
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
        if (_duties.Role is not RaftCampaigning campaigning
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
        EndIfHopeless(turn, outbox);
    }

    [Rule(RaftRules.PreVote)]
    public void AskForElection(in Turn turn, Outbox outbox) =>
        Campaign(turn, isPreVote: true, outbox);

    [Rule(RaftRules.LeadershipTransfer)]
    public void Campaign(in Turn turn, long transfer, Outbox outbox) =>
        Campaign(turn, isPreVote: false, outbox, transfer);

    [Rule(RaftRules.RandomTimeouts)]
    private void Campaign(in Turn turn, bool isPreVote, Outbox outbox, long transfer = 0)
    {
        Term term = _state.CurrentTerm.Next();
        if (!isPreVote)
            PersistVote(term, _self, outbox);

        RaftCampaigning campaigning =
            new(isPreVote, isPreVote ? default : outbox.Appended, turn.Now);
        _duties.Become(campaigning, outbox);
        _duties.ElectionDue = turn.Now + _duties.ElectionWait();
        (LogIndex last, Term lastTerm) = (_state.Log.Last, _state.Log.LastTerm);
        outbox.Send(_others, new RequestVote(term, last, lastTerm, isPreVote, transfer));

        // The own vote counts once it is durable; the own promise of a vote binds nobody.
        if (isPreVote)
            CountVote(turn, campaigning, _self, outbox);
    }

    [Rule(RaftRules.MajorityElects)]
    private void CountVote(
        in Turn turn, RaftCampaigning campaigning, Member voter, Outbox outbox)
    {
        campaigning.Granted = campaigning.Granted.With(voter);
        if (!_epoch.Quorums.IsMajority(campaigning.Granted))
            EndIfHopeless(turn, outbox);
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

        Leading leading = new(peers, fresh: _state.Log.Last.Next())
        {
            Lease = new LeaderLease(_epoch),
            AwakeSince = turn.Now,
            HeartbeatDue = turn.Now + _options.HeartbeatInterval,
            QuorumCheckDue = turn.Now + _options.ElectionTimeout,
            FirstCommitDue = turn.Now + _options.ElectionTimeout,
        };
        Append(RaftEntryKind.NoOp, default, outbox);
        _duties.Become(leading, outbox);
    }

    public void Outbid(in Turn turn, Term newer, Outbox outbox) => Adopt(turn, newer, outbox);

    public void RoleEnds() => _owedReply = null;

    [Rule(RaftRules.TermsGrow)]
    private void Adopt(in Turn turn, Term term, Outbox outbox)
    {
        Invariant.Holds(_state.CurrentTerm < term, RaftRules.TermsGrow);
        PersistVote(term, null, outbox);
        _duties.Follow(turn, null, outbox);
    }

    [Rule(RaftRules.HopelessElectionEnds)]
    public void EndIfHopeless(in Turn turn, Outbox outbox)
    {
        bool isSplit = _duties.Role is RaftCampaigning { IsPreVote: false, Refused.IsEmpty: false };
        if (isSplit
            && _duties.Role is RaftCampaigning campaigning
            && _duties.IsHopeless(campaigning.Granted, campaigning.Refused))
        {
            _duties.TryElectionAgain(turn, campaigning.Begun);
        }
    }

    // A member that hears no leader either asks for a promise, and its log cannot win against this
    // one. An own election that has begun goes on.
    [Rule(RaftRules.HopelessElectionEnds)]
    private void CampaignInstead(in Turn turn)
    {
        if (!_duties.HearsLeader(turn) && _duties.Role is not RaftCampaigning { IsPreVote: false })
            _duties.HurryElection(turn, _options.CampaignDelay);
    }

    private bool IsAskedByLeader(Member candidate, in RequestVote request) =>
        _duties.IsAskedByLeader(
            candidate, request.Transfer, isNext: request.Term <= _state.CurrentTerm.Next());

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
}
