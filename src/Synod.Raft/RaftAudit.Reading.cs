using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Reads: they see all that was committed anywhere when they were asked for, because
/// somebody has led after that: what is older proves nothing.</summary>
internal sealed partial class RaftAudit
{
    // Which rounds of heartbeats were begun, and whose answers have reached the leader; what
    // followers have asked, and what was committed then; all by the frames.
    private readonly Dictionary<(Term Term, long Round), long> _begun = [];
    private readonly Dictionary<(Member From, Term Term), long> _answered = [];
    private readonly Dictionary<
        (Member From, ReadTicket Ticket), (LogIndex Committed, long Moment)> _questions = [];

    private long _moment;

    public void Reads(Member member, RequestId request)
    {
        Seat seat = _seats[member.Index];
        seat.Reads.Add(request, (Committed, ++_moment));
        NoteLease(seat);
    }

    // In true time: of two that lead at this moment, the one with the older term has no lease. It
    // would answer reads that do not see what the newer one commits.
    [Rule(RaftRules.LeaseRead)]
    [Rule(RaftRules.LeasePromise)]
    private void CheckLeases(RaftReplica live)
    {
        if (Clocks is null || live.Status.Role != KernelRole.Leading)
            return;

        foreach (Seat seat in _seats)
        {
            if (seat.Live is not { Status.Role: KernelRole.Leading } other || other == live)
                continue;

            RaftReplica older = other.State.CurrentTerm < live.State.CurrentTerm ? other : live;
            Invariant.Holds(
                !older.Duties.HoldsLease(Clocks(older.Self)),
                RaftRules.LeaseRead,
                $"{older.Self} has a lease in {older.State.CurrentTerm}, {live.Self} and "
                + $"{other.Self} lead");
        }
    }

    // Under a lease nobody else leads at this moment. Whoever was asked to campaign may be elected
    // at any later time, whatever others promise.
    [Rule(RaftRules.LeaseRead)]
    [Rule(RaftRules.TransferVoidsLease)]
    private void NoteLease(Seat seat)
    {
        RaftReplica live = Alive(seat);
        if (Clocks is null || !live.Duties.HoldsLease(Clocks(seat.Member)))
            return;

        seat.LeasedAt = ++_moment;
        Invariant.Holds(
            !_handedOver.Contains(live.State.CurrentTerm),
            RaftRules.TransferVoidsLease,
            $"{seat.Member} has a lease in {live.State.CurrentTerm}, which it has handed over");
    }

    private void Asks(Member from, in ReadIndex<Term> question) =>
        _questions.TryAdd((from, question.Ticket), (Committed, ++_moment));

    // A leader says what is committed, and no less than what was when it was asked.
    [Rule(RaftRules.FollowerReads)]
    private void Answers(Member from, Member target, in ReadIndexReply<Term> message)
    {
        _durability.Leaves(from, message);
        if (!message.IsConfirmed)
            return;

        Invariant.Holds(
            _reigns.LeaderOf(message.Reign) == from && message.Index <= Committed,
            RaftRules.FollowerReads,
            $"{from} says {message}; {Committed} is committed");
        bool isAsked = _questions.TryGetValue(
            (target, message.Ticket), out (LogIndex Committed, long Moment) asked);
        Invariant.Holds(
            isAsked && asked.Committed <= message.Index,
            RaftRules.FollowerReads,
            $"{from} says {message} to {target}, which asked at {asked.Committed}");
        CheckLedSince(_seats[from.Index], message.Reign, asked.Moment);
    }

    private void Arrives(Member asker, in ReadIndexReply<Term> message)
    {
        Seat seat = _seats[asker.Index];
        if (message.IsConfirmed && _questions.TryGetValue(
            (asker, message.Ticket), out (LogIndex Committed, long Moment) asked))
        {
            seat.AnsweredAt = Math.Max(seat.AnsweredAt, asked.Moment);
        }
    }

    [Rule(RaftRules.ReadIndex)]
    [Rule(RaftRules.FollowerReads)]
    private void CheckRead(Seat seat, RaftReplica live, RequestId request)
    {
        RaftState state = live.State;
        bool isAsked = seat.Reads.Remove(request, out (LogIndex Committed, long Moment) asked);
        Invariant.Holds(
            isAsked && asked.Committed <= state.Commit,
            RaftRules.ReadIndex,
            $"{seat.Member} reads at {state.Commit} what was committed up to {asked.Committed}");
        if (live.Status.Role != KernelRole.Leading)
        {
            Invariant.Holds(
                seat.AnsweredAt > asked.Moment,
                RaftRules.FollowerReads,
                $"{seat.Member} reads in {state.CurrentTerm} without an answer since");
            return;
        }

        Invariant.Holds(
            state.Log.TermAt(state.Commit) == state.CurrentTerm,
            RaftRules.ReadIndex,
            $"{seat.Member} reads in {state.CurrentTerm} at {state.Commit}, {live.Status.Role}");
        CheckLedSince(seat, state.CurrentTerm, asked.Moment);
    }

    // That nobody else leads is known from a round that was begun after the read was asked for, or
    // from a lease at a time after that.
    [Rule(RaftRules.ReadIndex)]
    [Rule(RaftRules.LeaseRead)]
    private void CheckLedSince(Seat leader, Term term, long asked)
    {
        MemberSet confirmed = MemberSet.Of(leader.Member);
        foreach (Member member in _epoch.All)
        {
            long round = _answered.GetValueOrDefault((member, term), -1);
            if (_begun.GetValueOrDefault((term, round)) > asked)
                confirmed = confirmed.With(member);
        }

        Invariant.Holds(
            leader.LeasedAt > asked || _epoch.Quorums.IsMajority(confirmed),
            RaftRules.ReadIndex,
            $"{leader.Member} reads in {term}; a round that is newer has {confirmed}");
    }

    // The first message of a round that leaves begins it.
    private void BeginsRound(in AppendEntries message) =>
        _begun.TryAdd((message.Term, message.Round), ++_moment);

    // It may arrive when its sender is in a newer term. One that may have forgotten a promise to
    // another leader says nothing.
    private void Arrives(Member from, Member target, in AppendReply message)
    {
        if (message.Health == KernelHealth.Voiceless || _reigns.LeaderOf(message.Term) != target)
            return;

        long newest = _answered.GetValueOrDefault((from, message.Term));
        _answered[(from, message.Term)] = Math.Max(newest, message.Round);
    }
}
