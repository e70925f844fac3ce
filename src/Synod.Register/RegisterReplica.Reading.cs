using Synod.Kernel;

namespace Synod.Register;

/// <summary>Linearizable reads: a question to a majority that leaves no record. Only where a change
/// stays half done for long is it finished first (protocols §4.2).</summary>
internal sealed partial class RegisterReplica
{
    private readonly Dictionary<long, RegisterRead> _reads = [];
    private readonly Stack<RegisterRead> _idleReads = [];
    private readonly List<long> _awaitingOwn = [];
    private long _lastTicket;

    // Finishing writes: near the end of the reserve somebody else must.
    private bool MayFinish => _pressure != StoragePressure.Full;

    public void Read(in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        if (footprint.Count != 1)
            outbox.Reject(request, RejectReason.NotOneKey);
        else if (!HasQuorum || _state.IsVoiceless)
            outbox.Reject(request, RejectReason.NoQuorum);
        else
            Ask(turn, NewRead(request, footprint.KeyAt(0), Ballot.Zero), outbox);
    }

    [Rule(RegisterRules.PassiveRead)]
    [Rule(RegisterRules.DamagedIsSilent)]
    public void Receive(in Turn turn, Member from, in Query message, Outbox outbox)
    {
        if (_state.IsVoiceless)
            return;

        _state.TryGet(message.Key, out RegisterKey? held);
        Answer answer = new()
        {
            Key = message.Key,
            Ticket = message.Ticket,
            IsChosen = held is { IsChosen: true },
            Vote = VoteOf(held, message.Have),
        };
        _frames.To(from, answer, held?.Record ?? default, outbox);
    }

    [Rule(RegisterRules.PassiveRead)]
    public void Receive(in Turn turn, Member from, in Answer message, Outbox outbox)
    {
        bool isOfThisLife = (message.Ticket.Boot, message.Ticket.Life) == _life;
        if (!isOfThisLife || !_reads.TryGetValue(message.Ticket.Number, out RegisterRead? read))
            return;
        if (read.IsResting || read.Answered.Contains(from))
            return;

        bool isHeld = !message.Vote.IsLeftOut || message.Vote.Ballot == read.Have;
        if (!isHeld || read.Key != message.Key)
        {
            outbox.Violated(RegisterRules.PassiveRead, from);
            return;
        }

        bool isLacking = read.IsCatchUp && message.Vote.Ballot >= read.Lacks;
        if (isLacking && message.IsChosen && !message.Vote.IsLeftOut)
        {
            TakeIn(read, message, outbox);
            return;
        }

        read.Count(from, message.Vote, message.IsChosen);
        Decide(turn, read, outbox);
    }

    private RegisterRead NewRead(RequestId request, ulong key, Ballot lacks)
    {
        RegisterRead read = _idleReads.TryPop(out RegisterRead? idle) ? idle : new RegisterRead();
        read.Begin(request, key, lacks);
        return read;
    }

    [Rule(RegisterRules.PassiveRead)]
    private void Ask(in Turn turn, RegisterRead read, Outbox outbox)
    {
        read.Ask(++_lastTicket);
        _reads.Add(read.Ticket, read);
        _state.TryGet(read.Key, out RegisterKey? held);
        if (_state.IsVoiceless)
            read.Have = Ballot.Zero;
        else if (held is null || held.Record <= _durable)
            CountOwnAnswer(read, held);
        else
            _awaitingOwn.Add(read.Ticket);
        _frames.ToAll(QueryOf(read), default, outbox);
        WaitFor(read, turn.Now + _options.ResendAfter);
        Decide(turn, read, outbox);
    }

    private Query QueryOf(RegisterRead read) =>
        new(read.Key, new RegisterTicket(_life.Boot, _life.Life, read.Ticket))
        {
            Have = read.Have,
        };

    // What this member has accepted counts when it is durable, as that of any other.
    [Rule(RegisterRules.DurableBeforeAnswer)]
    private void CountOwnAnswers(in Turn turn, Outbox outbox)
    {
        for (int place = _awaitingOwn.Count - 1; place >= 0; place--)
        {
            bool isOpen = _reads.TryGetValue(_awaitingOwn[place], out RegisterRead? read);
            RegisterKey? held = null;
            if (isOpen && read is not null && _state.TryGet(read.Key, out held)
                && held.Record > _durable)
            {
                continue;
            }

            _awaitingOwn.RemoveAt(place);
            if (!isOpen || read is null)
                continue;

            read.Count(_self, VoteOf(held, Ballot.Zero), held is { IsChosen: true });
            Decide(turn, read, outbox);
        }
    }

    private void CountOwnAnswer(RegisterRead read, RegisterKey? held)
    {
        read.Have = held?.AcceptedIn ?? Ballot.Zero;
        read.Count(_self, VoteOf(held, Ballot.Zero), held is { IsChosen: true });
    }

    [Rule(RegisterRules.PassiveRead)]
    [Rule(RegisterRules.NothingIsAnAnswer)]
    [Rule(RegisterRules.MajorityAlways)]
    private void Decide(in Turn turn, RegisterRead read, Outbox outbox)
    {
        if (!_quorums.IsMajority(read.Answered))
            return;

        bool isNothing = read.Highest == Ballot.Zero;
        if (isNothing || read.IsChosen || _quorums.IsMajority(read.Holders))
        {
            if (!isNothing)
                Seen(read, outbox);
            End(read, outbox);
        }
        else if (_others.Except(_disconnected).Except(read.Answered).IsEmpty
            && (_state.IsVoiceless || read.Answered.Contains(_self)))
        {
            AskLater(turn, read, outbox);
        }
    }

    private void End(RegisterRead read, Outbox outbox)
    {
        if (!read.IsCatchUp)
            outbox.ReadReady(read.Request);
        Forget(read);
    }

    private void Forget(RegisterRead read)
    {
        _reads.Remove(read.Ticket);
        if (read.IsCatchUp)
            _behind.Remove(read.Key);
        _idleReads.Push(read);
    }

    private void Seen(RegisterRead read, Outbox outbox)
    {
        RegisterKey held = _state.GetOrAdd(read.Key);
        if (held.AcceptedIn == read.Highest && !held.IsChosen)
            Learn(read.Key, held, outbox);
        else
            Tell((read.Key, read.Highest), held, read.State.Written, outbox);
    }

    // A change is under way, or was begun and left. It is given a little time.
    [Rule(RegisterRules.BeginsAreFinished)]
    [Rule(RegisterRules.ReadsJoinLaterBallots)]
    private void AskLater(in Turn turn, RegisterRead read, Outbox outbox)
    {
        read.Tries++;
        if (_state.IsVoiceless && read.Tries >= _options.ReadTries)
        {
            // Those with a voice settle it; then it is compared again.
            End(read, outbox);
            LagAll(turn);
            return;
        }

        if (read.Tries < _options.ReadTries || !MayFinish)
        {
            read.IsResting = true;
            WaitFor(read, turn.Now + Pause(read.Tries));
            return;
        }

        RegisterRound round = RoundOf(read.Key, out bool isNew);
        round.AddReader(read.Request);
        Forget(read);
        if (isNew)
            Begin(turn, round, outbox);
    }

    private void LookAgain(in Turn turn, RegisterRead read, Outbox outbox)
    {
        if (read.IsResting)
        {
            if (read.IsCatchUp && HasCaughtUp(read))
            {
                Forget(read);
                return;
            }

            _reads.Remove(read.Ticket);
            LookForLoss(turn, read);
            Ask(turn, read, outbox);
        }
        else if (_quorums.IsMajority(read.Answered))
        {
            AskLater(turn, read, outbox);
        }
        else
        {
            foreach (Member peer in _others.Except(read.Answered))
                _frames.To(peer, QueryOf(read), default, outbox);
            WaitFor(read, turn.Now + _options.ResendAfter);
        }
    }

    private RegisterRead[] InOrder() => [.. _reads.Values.OrderBy(static read => read.Ticket)];

    private void WaitFor(RegisterRead read, Instant due)
    {
        read.Due = due;
        SetAlarm(new RegisterAlarm(read.Key, read.Ticket), due);
    }

    private void GiveUpReads(in Turn turn, Outbox outbox)
    {
        foreach (RegisterRead read in InOrder())
        {
            GiveUp(read.Request, outbox);
            if (read.IsCatchUp)
                Open(turn, read.Key);
            Forget(read);
        }

        _awaitingOwn.Clear();
    }
}
