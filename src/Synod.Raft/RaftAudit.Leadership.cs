using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Terms, votes and leaders.</summary>
internal sealed partial class RaftAudit
{
    private readonly Dictionary<(Member Voter, Term Term), Member> _votes = [];
    private readonly Dictionary<(Member Candidate, Term Term), RequestVote> _asked = [];
    private readonly HashSet<(Member Target, Term Term, long Transfer)> _timeouts = [];

    [Rule(RaftRules.TermsGrow)]
    private void CheckRole(RaftSeat seat, RaftReplica live)
    {
        Term term = live.State.CurrentTerm;
        Invariant.Holds(
            seat.Term <= term,
            RaftRules.TermsGrow,
            $"{seat.Member} goes from {seat.Term} to {term}");
        bool leads = live.Status.Role == KernelRole.Leading;
        if (leads && (seat.Role != KernelRole.Leading || seat.Term != term))
            CheckNewLeader(seat.Member, live.State);
    }

    private void CheckNewLeader(Member leader, RaftState state)
    {
        CheckNoOp(leader, state);
        _reigns.Begin(leader, state.CurrentTerm, state.Log);
        CheckMajorityVoted(leader, state.CurrentTerm);
        CheckCompleteness(leader, state);
    }

    [Rule(RaftRules.NoOpAtElection)]
    private static void CheckNoOp(Member leader, RaftState state)
    {
        RaftLog log = state.Log;
        Invariant.Holds(
            log.LastTerm == state.CurrentTerm
                && log.TermAt(log.Last.Previous()) < state.CurrentTerm
                && log[log.Last].Kind == RaftEntryKind.NoOp,
            RaftRules.NoOpAtElection,
            $"{leader} leads {state.CurrentTerm} with {log.Last} {log.LastTerm} at the end");
    }

    [Rule(RaftRules.MajorityElects)]
    private void CheckMajorityVoted(Member leader, Term term)
    {
        MemberSet voters = default;
        foreach (Member member in Epoch.All)
        {
            bool voted = member == leader
                ? _durability.HasVote(leader, term, leader)
                : _votes.TryGetValue((member, term), out Member votedFor) && votedFor == leader;
            if (voted)
                voters = voters.With(member);
        }

        Invariant.Holds(
            Epoch.Quorums.IsMajority(voters),
            RaftRules.MajorityElects,
            $"{leader} leads {term} with the votes of {voters}");
    }

    [Rule(RaftRules.OneVotePerTerm)]
    private void Votes(Member voter, Member candidate, in VoteReply vote)
    {
        if (vote.IsGranted && !vote.IsPreVote)
            Votes(voter, candidate, vote.Term);
    }

    [Rule(RaftRules.OneVotePerTerm)]
    private void Asks(Member candidate, in RequestVote request)
    {
        if (request.IsPreVote)
            return;

        bool isAsked = _timeouts.Contains((candidate, request.Term.Previous(), request.Transfer));
        Invariant.Holds(
            request.Transfer == 0 || isAsked,
            RaftRules.LeadershipTransfer,
            $"{candidate} says that it was asked to campaign: {request}");
        Votes(candidate, candidate, request.Term);
        _asked[(candidate, request.Term)] = request;
    }

    private void Votes(Member voter, Member candidate, Term term)
    {
        bool isFirst = _votes.TryAdd((voter, term), candidate);
        Invariant.Holds(
            isFirst || _votes[(voter, term)] == candidate,
            RaftRules.OneVotePerTerm,
            $"{voter} votes in {term} for {_votes[(voter, term)]} and for {candidate}");
    }

    // Who rests has nothing to wait for: it has all of the log of the leader of its term, and knows
    // all of it to be committed.
    [Rule(RaftRules.IdleGroupRests)]
    [Rule(RaftRules.DoubtEndsRest)]
    private void CheckRest(RaftSeat seat, RaftReplica live)
    {
        if (!live.Duties.IsResting)
            return;

        RaftState state = live.State;
        Member? leader = live.Status.Leader;
        Invariant.Holds(
            leader is not null && leader == _reigns.LeaderOf(state.CurrentTerm),
            RaftRules.IdleGroupRests,
            $"{seat.Member} rests under {leader} in {state.CurrentTerm}");
        Invariant.Holds(
            state.Commit == state.Log.Last
                && _reigns.IsInLogOf(state.CurrentTerm, state.Log.Last, state.Log.LastTerm),
            RaftRules.IdleGroupRests,
            $"{seat.Member} rests at {state.Commit} of {state.Log.Last} {state.Log.LastTerm}");
        Invariant.Holds(
            !live.Duties.IsAlone,
            RaftRules.DoubtEndsRest,
            $"{seat.Member} rests under {leader}, which is known to be gone");
    }

    [Rule(RaftRules.UpToDateLogWins)]
    private void CheckVote(RaftSeat seat, RaftReplica live, in VoteRecord vote)
    {
        if (vote.VotedFor is not Member candidate || candidate == seat.Member)
            return;

        // Said again beside what damage has done.
        if (_durability.HasVote(seat.Member, vote.Term, candidate))
            return;

        bool hasAsked = _asked.TryGetValue((candidate, vote.Term), out RequestVote request);
        IReadOnlyList<RaftReplica> ghosts = _durability.GhostsOf(seat.Member);
        RaftLog log = live.State.Log;
        Invariant.Holds(
            hasAsked && (ghosts.Count > 0 || IsUpToDate(request, log)),
            RaftRules.UpToDateLogWins,
            $"{seat.Member} at {log.Last} {log.LastTerm} votes for {candidate}: {request}");
        foreach (RaftReplica ghost in ghosts)
        {
            log = ghost.State.Log;
            Invariant.Holds(
                IsUpToDate(request, log),
                RaftRules.DamagedVotesByWhatItHad,
                $"{seat.Member} had {log.Last} {log.LastTerm}, votes for {candidate}: {request}");
        }
    }

    private static bool IsUpToDate(in RequestVote request, RaftLog log) =>
        request.LastTerm > log.LastTerm
        || (request.LastTerm == log.LastTerm && request.LastIndex >= log.Last);
}
