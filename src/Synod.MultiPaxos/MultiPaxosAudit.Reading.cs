using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Reads: they see all that was chosen anywhere when they were asked for, because
/// somebody has led after that: what is older proves nothing.</summary>
internal sealed partial class MultiPaxosAudit
{
    // Which rounds of heartbeats were begun, and whose answers have reached the leader; what
    // followers have asked, and what was chosen then; all by the frames.
    private readonly Dictionary<(Ballot Ballot, long Round), long> _begun = [];
    private readonly Dictionary<(Member From, Ballot Ballot), long> _answered = [];
    private readonly Dictionary<
        (Member From, ReadTicket Ticket), (LogIndex Chosen, long Moment)> _questions = [];

    private long _moment;

    public void Reads(Member member, RequestId request)
    {
        Seat seat = _seats[member.Index];
        seat.Reads.Add(request, (Chosen, ++_moment));
        NoteLease(seat);
    }

    // In true time: of two that lead at this moment, the one with the lower ballot has no lease. It
    // would answer reads that do not see what the higher one chooses.
    [Rule(MultiPaxosRules.LeaseRead)]
    [Rule(MultiPaxosRules.LeasePromise)]
    private void CheckLeases(MultiPaxosReplica live)
    {
        if (Clocks is null || live.Status.Role != KernelRole.Leading)
            return;

        foreach (Seat seat in _seats)
        {
            if (seat.Live is not { Status.Role: KernelRole.Leading } other || other == live)
                continue;

            MultiPaxosReplica older = other.State.Promised < live.State.Promised ? other : live;
            Invariant.Holds(
                !older.Duties.HoldsLease(Clocks(older.Self)),
                MultiPaxosRules.LeaseRead,
                $"{older.Self} has a lease in {older.State.Promised}, {live.Self} and "
                + $"{other.Self} lead");
        }
    }

    // Under a lease nobody else leads at this moment. Whoever was asked to campaign may be elected
    // at any later time, whatever others promise.
    [Rule(MultiPaxosRules.LeaseRead)]
    [Rule(MultiPaxosRules.TransferVoidsLease)]
    private void NoteLease(Seat seat)
    {
        MultiPaxosReplica live = Alive(seat);
        if (Clocks is null || !live.Duties.HoldsLease(Clocks(seat.Member)))
            return;

        seat.LeasedAt = ++_moment;
        Invariant.Holds(
            !_handedOver.Contains(live.State.Promised),
            MultiPaxosRules.TransferVoidsLease,
            $"{seat.Member} has a lease in {live.State.Promised}, which it has handed over");
    }

    private void Asks(Member from, in ReadIndex<Ballot> question) =>
        _questions.TryAdd((from, question.Ticket), (Chosen, ++_moment));

    // A leader says what is chosen, and no less than what was when it was asked.
    [Rule(MultiPaxosRules.FollowerReads)]
    private void Answers(Member from, Member target, in ReadIndexReply<Ballot> message)
    {
        if (!message.IsConfirmed)
        {
            _durability.RequireAtLeast(from, message.Reign);
            return;
        }

        _durability.RequirePromise(from, message.Reign);
        Invariant.Holds(
            _ballots.IsLed(message.Reign, from) && message.Index <= Chosen,
            MultiPaxosRules.FollowerReads,
            $"{from} says {message}; {Chosen} is chosen");
        bool isAsked = _questions.TryGetValue(
            (target, message.Ticket), out (LogIndex Chosen, long Moment) asked);
        Invariant.Holds(
            isAsked && asked.Chosen <= message.Index,
            MultiPaxosRules.FollowerReads,
            $"{from} says {message} to {target}, which asked at {asked.Chosen}");
        CheckLedSince(_seats[from.Index], message.Reign, asked.Moment);
    }

    private void Arrives(Member asker, in ReadIndexReply<Ballot> message)
    {
        Seat seat = _seats[asker.Index];
        if (message.IsConfirmed && _questions.TryGetValue(
            (asker, message.Ticket), out (LogIndex Chosen, long Moment) asked))
        {
            seat.AnsweredAt = Math.Max(seat.AnsweredAt, asked.Moment);
        }
    }

    [Rule(MultiPaxosRules.ReadIndex)]
    [Rule(MultiPaxosRules.FreshLeader)]
    [Rule(MultiPaxosRules.FollowerReads)]
    private void CheckRead(Seat seat, MultiPaxosReplica live, RequestId request)
    {
        MultiPaxosState state = live.State;
        bool isAsked = seat.Reads.Remove(request, out (LogIndex Chosen, long Moment) asked);
        Invariant.Holds(
            isAsked && asked.Chosen <= state.Chosen,
            MultiPaxosRules.ReadIndex,
            $"{seat.Member} reads at {state.Chosen} what was chosen up to {asked.Chosen}");
        if (live.Status.Role != KernelRole.Leading)
        {
            Invariant.Holds(
                seat.AnsweredAt > asked.Moment,
                MultiPaxosRules.FollowerReads,
                $"{seat.Member} reads in {state.Promised} without an answer since");
            return;
        }

        Invariant.Holds(
            live.Duties.Role is Leading leading && leading.Fresh <= state.Chosen,
            MultiPaxosRules.FreshLeader,
            $"{seat.Member} reads in {state.Promised} at {state.Chosen}, {live.Status.Role}");
        CheckLedSince(seat, state.Promised, asked.Moment);
    }

    // That nobody else leads is known from a round that was begun after the read was asked for, or
    // from a lease at a time after that.
    [Rule(MultiPaxosRules.ReadIndex)]
    [Rule(MultiPaxosRules.LeaseRead)]
    private void CheckLedSince(Seat leader, Ballot ballot, long asked)
    {
        MemberSet confirmed = MemberSet.Of(leader.Member);
        foreach (Member member in _epoch.All)
        {
            long round = _answered.GetValueOrDefault((member, ballot), -1);
            if (_begun.GetValueOrDefault((ballot, round)) > asked)
                confirmed = confirmed.With(member);
        }

        Invariant.Holds(
            leader.LeasedAt > asked || _epoch.Quorums.IsMajority(confirmed),
            MultiPaxosRules.ReadIndex,
            $"{leader.Member} reads in {ballot}; a round that is newer has {confirmed}");
    }

    // The first message of a round that leaves begins it.
    private void BeginsRound(in Accept message) =>
        _begun.TryAdd((message.Ballot, message.Round), ++_moment);

    // It may arrive when its sender is in a higher ballot. One that may have forgotten a promise to
    // another leader says nothing.
    private void AnswersRound(Member from, Member target, in Accepted message)
    {
        if (message.Health == KernelHealth.Voiceless || !_ballots.IsLed(message.Ballot, target))
            return;

        long newest = _answered.GetValueOrDefault((from, message.Ballot));
        _answered[(from, message.Ballot)] = Math.Max(newest, message.Round);
    }
}
