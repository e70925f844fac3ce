using Synod.Kernel;

namespace Synod.Register;

/// <summary>The proposer of a key: one ballot after the other, in two rounds, or in one where the
/// majority has promised the ballot already (protocols §4.4).</summary>
internal sealed partial class RegisterReplica
{
    private readonly Dictionary<ulong, RegisterRound> _rounds = [];
    private readonly Stack<RegisterRound> _idle = [];
    private readonly Queue<(RecordNumber Record, ulong Key, Ballot Ballot)> _own = [];

    public void Propose(
        in Turn turn,
        RequestId request,
        Payload command,
        in Footprint footprint,
        Outbox outbox)
    {
        if (ObjectionTo(footprint) is RejectReason objection)
        {
            outbox.Reject(request, objection);
            return;
        }

        RegisterRound round = RoundOf(footprint.KeyAt(0), out bool isNew);
        round.Add(request);
        if (isNew)
            Begin(turn, round, outbox);
    }

    [Rule(RegisterRules.HighestVoteIsState)]
    public void Receive(in Turn turn, Member from, in Promise message, Outbox outbox)
    {
        bool isMine = _rounds.TryGetValue(message.Key, out RegisterRound? round);
        if (!isMine || round is not { Stage: RegisterStage.Preparing })
            return;
        if (round.Ballot != message.Ballot || round.Heard.Contains(from))
            return;

        RegisterVote vote = message.Vote;
        bool isHeld = !vote.IsLeftOut || vote.Ballot == round.Have;
        if (vote.Ballot >= message.Ballot || !isHeld)
        {
            outbox.Violated(RegisterRules.PromiseTellsVote, from);
            return;
        }

        if (vote.Ballot > round.Base)
            round.Adopt(vote);
        Promised(turn, round, from, outbox);
    }

    [Rule(RegisterRules.RivalsGiveWay)]
    public void Receive(in Turn turn, Member from, in Refused message, Outbox outbox)
    {
        bool isMine = _rounds.TryGetValue(message.Key, out RegisterRound? round);
        if (!isMine || round is null || round.Ballot != message.Ballot)
            return;
        if (round.Stage is not (RegisterStage.Preparing or RegisterStage.Accepting))
            return;

        // An acceptance stands: a late copy of the question was refused.
        if (round.Stage == RegisterStage.Accepting && round.Heard.Contains(from))
            return;

        if (round.Seen < message.Promised)
            round.Seen = message.Promised;
        round.Against = round.Against.With(from);
        MemberSet lost = round.Against.Or(_disconnected.Except(round.Heard));
        if (_quorums.Members - lost.Count < _quorums.Majority)
            Retry(turn, round);
    }

    [Rule(RegisterRules.ChosenInOneBallot)]
    public void Receive(in Turn turn, Member from, in Accepted message, Outbox outbox)
    {
        bool isMine = _rounds.TryGetValue(message.Key, out RegisterRound? round);
        if (isMine && round is { Stage: RegisterStage.Accepting }
            && round.Ballot == message.Ballot)
        {
            AcceptedBy(turn, round, from, outbox);
        }
        else
        {
            HeardLate(from, message);
        }
    }

    [Rule(RegisterRules.FullIsSlow)]
    [Rule(RegisterRules.NoQuorumAtOnce)]
    private RejectReason? ObjectionTo(in Footprint footprint)
    {
        if (footprint.Count != 1)
            return RejectReason.NotOneKey;
        if (_state.IsVoiceless || !HasQuorum)
            return RejectReason.NoQuorum;

        return _pressure == StoragePressure.None ? null : RejectReason.StorageFull;
    }

    private RegisterRound RoundOf(ulong key, out bool isNew)
    {
        isNew = !_rounds.TryGetValue(key, out RegisterRound? round);
        if (!isNew && round is not null)
            return round;

        round = _idle.TryPop(out RegisterRound? idle) ? idle : new RegisterRound();
        round.Begin(key);
        _rounds.Add(key, round);
        return round;
    }

    private void Begin(in Turn turn, RegisterRound round, Outbox outbox)
    {
        if (_pressure == StoragePressure.Full)
        {
            Retry(turn, round);
            return;
        }

        RegisterKey held = _state.GetOrAdd(round.Key);
        if (TakeKnownBallot(round.Key, held) is Ballot known)
        {
            round.Enter(RegisterStage.Evaluating, known, held);
            Run(turn, round, outbox);
        }
        else
        {
            Prepare(turn, (round, held), outbox);
        }
    }

    // A ballot that needs no asking serves once, whatever becomes of it.
    [Rule(RegisterRules.AcceptPromisesNext)]
    [Rule(RegisterRules.FirstBallotIsOwned)]
    private Ballot? TakeKnownBallot(ulong key, RegisterKey held)
    {
        Ballot known = held.Held;
        held.Held = Ballot.Zero;
        if (known != Ballot.Zero)
            return known;

        bool isFirst = _isFirstLife && OwnerOf(key) == _self && held.Promised == Ballot.Zero;
        return isFirst && _begun.Add(key) ? new Ballot(1, _self) : null;
    }

    [Rule(RegisterRules.RoundsAreReserved)]
    private void Prepare(
        in Turn turn, (RegisterRound Round, RegisterKey Held) at, Outbox outbox)
    {
        (RegisterRound round, RegisterKey held) = at;
        long last = Math.Max(_floor, Math.Max(held.Promised.Round, round.Seen.Round));
        Ballot ballot = new(last + 1, _self);
        Reserve(ballot, outbox);

        round.Enter(RegisterStage.Preparing, ballot, held);
        PromisedRecord promised = new(round.Key, ballot);
        _state.Take(promised, outbox.Persist(promised));
        _own.Enqueue((held.Record, round.Key, ballot));
        _frames.ToAll(
            new Prepare(round.Key, ballot) { Have = round.Have }, _reservation, outbox);
        WaitFor(round, turn.Now + _options.ResendAfter);
    }

    private void Promised(in Turn turn, RegisterRound round, Member by, Outbox outbox)
    {
        round.Heard = round.Heard.With(by);
        if (_quorums.IsMajority(round.Heard))
            Run(turn, round, outbox);
    }

    // All commands have run: the state that they have made is proposed.
    [Rule(RegisterRules.OneStatePerBallot)]
    [Rule(RegisterRules.AsksNeedNoVote)]
    private void ProposeState(in Turn turn, RegisterRound round, Outbox outbox)
    {
        RegisterKey held = _state.GetOrAdd(round.Key);
        bool isPreempted = held.Promised > round.Ballot;
        if (isPreempted || _pressure == StoragePressure.Full || !HasQuorum)
        {
            Retry(turn, round);
            return;
        }

        Invariant.Holds(held.AcceptedIn < round.Ballot, RegisterRules.OneStatePerBallot);
        Invariant.Holds(round.Base < round.Ballot, RegisterRules.HighestVoteIsState);
        Reserve(round.Ballot, outbox);
        AcceptedRecord accepted = new()
        {
            Key = round.Key,
            Ballot = round.Ballot,
            State = round.State.Written,
        };
        _state.Take(accepted, outbox.Persist(accepted));
        round.Expose(held.Record);
        _begun.Remove(round.Key);
        _own.Enqueue((held.Record, round.Key, round.Ballot));
        _frames.ToAll(AcceptOf(round), _reservation, outbox);
        WaitFor(round, turn.Now + _options.ResendAfter);
    }

    private static Accept AcceptOf(RegisterRound round) => new()
    {
        Key = round.Key,
        Ballot = round.Ballot,
        State = round.State.Written,
    };

    // The own promise and the own vote count like any other, when they are durable.
    [Rule(RegisterRules.DurableBeforeAnswer)]
    private void CountOwn(in Turn turn, Outbox outbox)
    {
        while (_own.TryPeek(out (RecordNumber Record, ulong Key, Ballot Ballot) own)
            && own.Record <= _durable)
        {
            _own.Dequeue();
            if (!_rounds.TryGetValue(own.Key, out RegisterRound? round)
                || round.Ballot != own.Ballot)
            {
                continue;
            }

            // In one ballot the promise comes before the vote.
            if (round.Stage == RegisterStage.Preparing)
                Promised(turn, round, _self, outbox);
            else if (round.Stage == RegisterStage.Accepting && round.Voted == own.Record)
                AcceptedBy(turn, round, _self, outbox);
        }
    }

    private void LookAgain(in Turn turn, RegisterRound round, Outbox outbox)
    {
        switch (round.Stage)
        {
            case RegisterStage.Resting:
                Begin(turn, round, outbox);
                break;
            case RegisterStage.Preparing:
            case RegisterStage.Accepting:
                AskAgain(turn, round, outbox);
                break;
            case RegisterStage.Evaluating:
                break;
        }
    }

    private void AskAgain(in Turn turn, RegisterRound round, Outbox outbox)
    {
        if (!round.Against.IsEmpty)
        {
            Retry(turn, round);
            return;
        }

        foreach (Member peer in _others.Except(round.Heard))
        {
            if (round.Stage == RegisterStage.Accepting)
            {
                _frames.To(peer, AcceptOf(round), _reservation, outbox);
                continue;
            }

            Prepare again = new(round.Key, round.Ballot) { Have = round.Have };
            _frames.To(peer, again, _reservation, outbox);
        }

        WaitFor(round, turn.Now + _options.ResendAfter);
    }

    [Rule(RegisterRules.RivalsGiveWay)]
    private void Retry(in Turn turn, RegisterRound round)
    {
        round.Rest();
        WaitFor(round, turn.Now + Pause(round.Tries));
        round.Tries++;
    }

    private void WaitFor(RegisterRound round, Instant due)
    {
        round.Due = due;
        SetAlarm(new RegisterAlarm(round.Key, 0), due);
    }

    private void Reserve(Ballot ballot, Outbox outbox)
    {
        if (ballot.Round <= _state.Rounds)
            return;

        StateRecord state = new(ballot.Round + _options.RoundBlock, _state.IsVoiceless);
        _reservation = outbox.PersistStatement(state);
        _state.Take(state);
    }

    [Rule(RegisterRules.NoQuorumAtOnce)]
    private void GiveUpAll(in Turn turn, Outbox outbox)
    {
        foreach (RegisterRound round in _rounds.Values.OrderBy(static one => one.Key).ToArray())
        {
            round.Rest();
            while (round.TryTake(out RegisterRequest request))
                GiveUp(request, outbox);
            while (round.TryTakeReader(out RequestId? read))
                GiveUp(read.Value, outbox);
            End(round);
            Open(turn, round.Key);
        }

        GiveUpReads(turn, outbox);
    }

    private static void GiveUp(RegisterRequest request, Outbox outbox)
    {
        if (request.MayHappen)
            outbox.Abandon(request.Id);
        else
            outbox.Reject(request.Id, RejectReason.NoQuorum);
    }

    private static void GiveUp(RequestId read, Outbox outbox)
    {
        // Of a member that catches up, nobody waits.
        if (read != default)
            outbox.Reject(read, RejectReason.NoQuorum);
    }

    private void End(RegisterRound round)
    {
        _rounds.Remove(round.Key);
        _idle.Push(round);
    }
}
