using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Instances that nobody decides: who looks after them, and what is learned of a quorum
/// (protocols §1.5b).</summary>
internal sealed partial class EPaxosReplica
{
    private const int AsksMax = 3;
    private const int ValidationTriesMax = 4;
    private const int PacedTriesMax = 8;

    private readonly Dictionary<InstanceId, int> _asks = [];

    // Who has promised a lower ballot promises; who knows what is decided says it.
    [Rule(EPaxosRules.PromiseKeepsVote)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void Receive(in Turn turn, Member from, in Recover message, Outbox outbox)
    {
        if (message.Ballot == Ballot.Zero || message.Ballot.Proposer != from)
        {
            outbox.Violated(EPaxosRules.OneValuePerBallot, from);
            return;
        }

        EPaxosInstance? instance = _state.Find(message.Id);
        if (AnswersCommitted(message.Id, from, outbox) || _state.IsVoiceless)
            return;
        Ballot promised = instance?.Promised ?? Ballot.Zero;
        if (message.Ballot < promised)
        {
            outbox.Send(MemberSet.Of(from), new Nack { Id = message.Id, Ballot = promised });
            return;
        }

        if (message.Ballot > promised)
            Promise(message.Id, message.Ballot, outbox);
        _alarms.Set(message.Id, turn.Now + PatienceWith(from));
        RecoverOk report = ReportOf(message.Id, message.Ballot);
        outbox.Send(
            MemberSet.Of(from),
            report,
            report.Value.Carried > 0 ? report.Command.ToArray() : []);
    }

    [Rule(EPaxosRules.RecoveryChooses)]
    public void Receive(in Turn turn, Member from, in RecoverOk message, Outbox outbox)
    {
        if (Going(message.Id, message.Ballot) is not EPaxosAttempt attempt)
            return;

        if (message.Value.IsSubmitted)
        {
            Learn(message, outbox);
            attempt.Holders = attempt.Holders.With(from);
        }

        TakeReport(turn, attempt, (from, message), outbox);
    }

    [Rule(EPaxosRules.DesignatedRecoverer)]
    [Rule(EPaxosRules.MissingIsAskedFor)]
    public void Receive(in Turn turn, Member from, in TryRecover message, Outbox outbox)
    {
        if (AnswersCommitted(message.Id, from, outbox) || _state.IsVoiceless)
            return;

        // A slot that was never used is covered by nobody who is honest.
        bool isUnused = message.Id.Owner == _self && message.Id.Slot >= _nextSlot;
        if (isUnused)
            return;

        if (!IsDesignated(message.Id, MemberSet.Of(from)))
            LookAfter(turn, message.Id, from);
        else if (!_attempts.TryGetValue(message.Id, out EPaxosAttempt? attempt))
            RecoverSoon(turn, message.Id);
        else if (attempt.Stage == EPaxosStage.Waiting)
            SendWaiting(attempt, MemberSet.Of(from), outbox);
    }

    // Whoever is refused waits for the other, and outbids it if nothing comes of that.
    [Rule(EPaxosRules.RefusedBacksOff)]
    public void Receive(in Turn turn, Member from, in Nack message, Outbox outbox)
    {
        if (!_attempts.TryGetValue(message.Id, out EPaxosAttempt? attempt)
            || message.Ballot <= attempt.Ballot
            || message.Ballot <= attempt.RefusedFor)
        {
            return;
        }

        attempt.RefusedFor = message.Ballot;
        _alarms.Set(message.Id, turn.Now + BackOff(attempt));
    }

    private TimeSpan BackOff(EPaxosAttempt attempt)
    {
        TimeSpan most = _options.ResendAfter * (1 << Math.Min(attempt.Tries, 6)) / 8;
        return _options.ResendAfter + _random.Below(most);
    }

    // Nobody else is asked first.
    private void RecoverSoon(in Turn turn, InstanceId id)
    {
        _asks[id] = AsksMax;
        _alarms.Hasten(id, turn.Now + _random.Below(_options.RecoverDelay));
    }

    // The one whose turn it is may be damaged, too.
    private void LookAfter(in Turn turn, InstanceId id, Member other)
    {
        if (!_alarms.Has(id))
            _alarms.Set(id, turn.Now + PatienceWith(other));
    }

    // The owner while it is connected, else the first of those that are. Who asks another cannot do
    // it itself.
    [Rule(EPaxosRules.DesignatedRecoverer)]
    private bool IsDesignated(InstanceId id, MemberSet asking = default)
    {
        MemberSet able = _epoch.All.Except(_disconnected).Except(asking);
        if (id.Owner == _self || able.Contains(id.Owner))
            return id.Owner == _self;

        foreach (Member member in able)
            return member == _self;
        return true;
    }

    // The one that recovers may not know of all: those that do tell it.
    [Rule(EPaxosRules.DesignatedRecoverer)]
    private void HastenRecoveries(in Turn turn, Member owner)
    {
        long last = _state.LastOf(owner.Index);
        for (long slot = _state.CommittedThrough(owner.Index) + 1; slot <= last; slot++)
        {
            InstanceId id = new(owner, slot);
            if (_state.Find(id) is not { IsCommitted: false })
                continue;

            TimeSpan patience = IsDesignated(id)
                ? _random.Below(_options.RecoverDelay)
                : PatienceWith(owner);
            _alarms.Hasten(id, turn.Now + patience);
        }
    }

    // For what a member goes on with. What one that is lost has begun nobody else will end.
    [Rule(EPaxosRules.DesignatedRecoverer)]
    private TimeSpan PatienceWith(Member other) => Jittered(
        _disconnected.Contains(other) ? _options.RecoverDelay : _options.RecoverAfter);

    private void LookAgain(in Turn turn, InstanceId id, Outbox outbox)
    {
        EPaxosInstance? instance = _state.Find(id);
        if (_state.IsCommitted(id) || _missing.Covers(id))
            return;

        Ballot promised = instance?.Promised ?? Ballot.Zero;
        if (_attempts.TryGetValue(id, out EPaxosAttempt? attempt) && attempt.Ballot == promised)
            GoOn(turn, attempt, outbox);
        else
            AskOrRecover(turn, id, outbox);
    }

    [Rule(EPaxosRules.MissingIsAskedFor)]
    private void AskOrRecover(in Turn turn, InstanceId id, Outbox outbox)
    {
        int asked = _asks.GetValueOrDefault(id);
        bool isDue = IsDesignated(id) || asked >= AsksMax;
        if (isDue && HasQuorum && !_state.IsVoiceless)
        {
            if (IsPaced(id))
                _alarms.Set(id, turn.Now + Jittered(_options.ResendAfter));
            else
                BeginRecovery(turn, id, outbox);
            return;
        }

        _asks[id] = asked + 1;
        outbox.Send(_others, new TryRecover { Id = id });
        _alarms.Set(id, turn.Now + Jittered(_options.RecoverAfter));
    }

    // What a recovery records comes out of the reserve of each disk: where there is no more than
    // that, one goes after the other. One that waits for others, is stuck or was outbid is not in
    // the way.
    [Rule(EPaxosRules.StorageReserve)]
    private bool IsPaced(InstanceId id) => _pressure == StoragePressure.Full
        && _attempts.Values.Any(other => other.Id != id
            && other.Ballot > Ballot.Zero
            && other.Stage != EPaxosStage.Waiting
            && other.Tries < PacedTriesMax
            && Going(other.Id, other.Ballot) is not null);

    private void GoOn(in Turn turn, EPaxosAttempt attempt, Outbox outbox)
    {
        attempt.Tries++;
        bool isHopeless = attempt.Stage == EPaxosStage.Validating
            && (attempt.Tries % ValidationTriesMax == 0
                || !attempt.Quorum.And(_disconnected).IsEmpty);
        bool isOver = attempt.RefusedFor > Ballot.Zero || isHopeless;
        if (isOver && HasQuorum && !IsPaced(attempt.Id))
        {
            BeginRecovery(turn, attempt.Id, outbox);
            return;
        }

        _alarms.Set(
            attempt.Id, turn.Now + (_options.ResendAfter * Math.Min(8, 1 + (attempt.Tries / 4))));
        AskAgain(turn, attempt, outbox);
    }

    private void AskAgain(in Turn turn, EPaxosAttempt attempt, Outbox outbox)
    {
        MemberSet silent = _others.Except(attempt.Answered);
        Spare(turn, attempt.Asked.And(silent));
        switch (attempt.Stage)
        {
            case EPaxosStage.PreAccepting
                when attempt.Answered.Contains(_self)
                    && attempt.Answered.Count >= _quorums.Slow:
                GoSlow(turn, attempt, outbox);
                break;
            case EPaxosStage.PreAccepting:
                SendPreAccept(_state.FindOrAdd(attempt.Id), silent, outbox);
                break;
            case EPaxosStage.Promising:
                SendRecover(attempt, silent, outbox);
                break;
            case EPaxosStage.Validating:
                SendValidate(attempt, attempt.Quorum.And(silent), outbox);
                break;
            case EPaxosStage.Waiting:
                WaitOn(turn, attempt, outbox);
                break;
            case EPaxosStage.Accepting:
                SendAccept(attempt, silent, outbox);
                break;
        }
    }

    // A ballot is used once: the promise is durable before anybody hears of it.
    [Rule(EPaxosRules.RestartMeansNewBallot)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    private void BeginRecovery(in Turn turn, InstanceId id, Outbox outbox)
    {
        Ballot seen = _state.Find(id)?.Promised ?? Ballot.Zero;
        int tries = 0;
        if (_attempts.TryGetValue(id, out EPaxosAttempt? former))
        {
            seen = seen < former.RefusedFor ? former.RefusedFor : seen;
            tries = former.Tries;
        }

        EPaxosAttempt attempt = new(id, seen.NextOf(_self))
        {
            Stage = EPaxosStage.Promising,
            Tries = tries,
        };
        _attempts[id] = attempt;
        Promise(id, attempt.Ballot, outbox);
        _own.Enqueue((outbox.Appended, id, attempt.Ballot, EPaxosKind.Recover));
        _alarms.Set(id, turn.Now + _options.ResendAfter);
        SendRecover(attempt, _others, outbox);
    }

    private static void SendRecover(EPaxosAttempt attempt, MemberSet to, Outbox outbox) =>
        outbox.Send(to, new Recover { Id = attempt.Id, Ballot = attempt.Ballot });

    // What was accepted stays beside the promise: two ballots, not one.
    [Rule(EPaxosRules.PromiseKeepsVote)]
    private void Promise(InstanceId id, Ballot ballot, Outbox outbox) => Record(
        new InstanceRecord { Kind = EPaxosKind.PromisedRecord, Id = id, Ballot = ballot },
        default,
        outbox);

    [Rule(EPaxosRules.PromiseKeepsVote)]
    private RecoverOk ReportOf(InstanceId id, Ballot ballot)
    {
        EPaxosInstance instance = _state.FindOrAdd(id);
        return new RecoverOk
        {
            Id = id,
            Ballot = ballot,
            AcceptedIn = instance.AcceptedIn,
            Phase = instance.Phase,
            Value = instance.Value(isCarried: true),
            Dep = instance.Dep,
            Initial = instance.InitialDep,
            Command = instance.Command,
        };
    }

    private void Learn(in RecoverOk message, Outbox outbox)
    {
        if (_state.Find(message.Id) is { IsKnown: true })
            return;

        Record(
            new InstanceRecord
            {
                Kind = EPaxosKind.LearnedRecord,
                Id = message.Id,
                Ballot = message.Ballot,
                Value = message.Value,
            },
            message.Command,
            outbox);
    }

    // The quorum is fixed with the answer that completes it.
    [Rule(EPaxosRules.RecoveryChooses)]
    private void TakeReport(
        in Turn turn, EPaxosAttempt attempt, (Member From, RecoverOk Report) told, Outbox outbox)
    {
        if (attempt.Stage == EPaxosStage.Waiting)
        {
            TakeLate(turn, attempt, told, outbox);
            return;
        }

        if (attempt.Stage != EPaxosStage.Promising)
            return;

        attempt.Answered = attempt.Answered.With(told.From);
        attempt.Report(told.From, told.Report);
        if (attempt.Answered.Count < _quorums.Slow || !attempt.Answered.Contains(_self))
            return;

        attempt.Quorum = attempt.Answered;
        Choose(turn, attempt, outbox);
    }

    // In the order of protocols §1.5b, step 2; what is committed was told as such.
    [Rule(EPaxosRules.RecoveryChooses)]
    [Rule(EPaxosRules.OwnerInQuorum)]
    [Rule(EPaxosRules.FastPathImpossible)]
    private void Choose(in Turn turn, EPaxosAttempt attempt, Outbox outbox)
    {
        RecoverOk? accepted = null;
        RecoverOk? agreeing = null;
        foreach ((Member _, RecoverOk report) in attempt.Reports)
        {
            bool isHigher = report.Phase == EPaxosPhase.Accepted
                && (accepted is null || accepted.Value.AcceptedIn < report.AcceptedIn);
            bool isAgreeing =
                report.Phase == EPaxosPhase.PreAccepted && report.Dep == report.Initial;
            accepted = isHigher ? report : accepted;
            agreeing = isAgreeing ? report : agreeing;
            attempt.Agreeing += isAgreeing ? 1 : 0;
        }

        if (accepted is RecoverOk highest)
            Accept(turn, attempt, (highest.Value.Kind, highest.Dep), outbox);
        else if (attempt.Quorum.Contains(attempt.Id.Owner))
            AcceptNoOp(turn, attempt, outbox);
        else if (agreeing is RecoverOk first && !IsFastPathExcluded(attempt))
            BeginValidation(turn, attempt, first.Initial, outbox);
        else
            AcceptNoOp(turn, attempt, outbox);
    }

    [Rule(EPaxosRules.FastPathImpossible)]
    private bool IsFastPathExcluded(EPaxosAttempt attempt) =>
        attempt.Agreeing < attempt.Quorum.Count - _quorums.FastFaults;

    private void AcceptNoOp(in Turn turn, EPaxosAttempt attempt, Outbox outbox) =>
        Accept(turn, attempt, (EPaxosValueKind.NoOp, default), outbox);
}
