using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Recovery, continued: whether the owner can have committed at once (protocols §1.5b,
/// steps 3 to 5).</summary>
internal sealed partial class EPaxosReplica
{
    private readonly Dictionary<InstanceId, int> _waitingFor = [];
    private readonly SortedSet<InstanceId> _waiting = [];

    // Not a vote: it says what is known, and makes sure that what comes later knows of it.
    [Rule(EPaxosRules.ValidateIsNoVote)]
    [Rule(EPaxosRules.CommittedStays)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void Receive(in Turn turn, Member from, in Validate message, Outbox outbox)
    {
        if (message.Ballot.Proposer != from || !message.Value.IsSubmitted)
        {
            outbox.Violated(EPaxosRules.OneValuePerBallot, from);
            return;
        }

        EPaxosInstance? instance = _state.Find(message.Id);
        if (AnswersCommitted(message.Id, from, outbox) || _state.IsVoiceless)
            return;
        bool isMine = instance is not null && instance.Promised == message.Ballot;
        bool isThere = message.Value.IsCarried || instance is { IsKnown: true };
        if (!isMine || !isThere)
            return;

        Validated(message, outbox);
        _alarms.Set(message.Id, turn.Now + PatienceWith(from));
        outbox.Send(
            MemberSet.Of(from),
            new ValidateOk
            {
                Id = message.Id,
                Ballot = message.Ballot,
                Uncovered = UncoveredBy(message.Id, message.Initial),
            });
    }

    [Rule(EPaxosRules.ValidationChooses)]
    public void Receive(in Turn turn, Member from, in ValidateOk message, Outbox outbox)
    {
        if (Going(message.Id, message.Ballot) is not EPaxosAttempt attempt
            || attempt.Stage != EPaxosStage.Validating)
        {
            return;
        }

        Add(attempt, message.Uncovered);
        CountValidation(turn, attempt, from, outbox);
    }

    [Rule(EPaxosRules.WaitingEndsCycles)]
    public void Receive(in Turn turn, Member from, in Waiting message, Outbox outbox)
    {
        if (AnswersCommitted(message.Id, from, outbox))
            return;

        HearWaiting(message.Id, message.Count);
        LookAtWaiting(turn, outbox);
    }

    private void HearWaiting(InstanceId id, int count) =>
        _waitingFor[id] = Math.Max(_waitingFor.GetValueOrDefault(id), count);

    [Rule(EPaxosRules.ValidateIsNoVote)]
    private void BeginValidation(
        in Turn turn, EPaxosAttempt attempt, EPaxosCover initial, Outbox outbox)
    {
        attempt.Begin(EPaxosStage.Validating);
        attempt.Dep = initial;
        EPaxosInstance instance = _state.FindOrAdd(attempt.Id);
        Validate message = MessageOf(attempt, instance) with { Command = instance.Command };
        Validated(message, outbox);
        Add(attempt, UncoveredBy(attempt.Id, initial));
        _own.Enqueue((outbox.Appended, attempt.Id, attempt.Ballot, EPaxosKind.Validate));
        _alarms.Set(attempt.Id, turn.Now + _options.ResendAfter);
        SendValidate(attempt, attempt.Quorum.Without(_self), outbox);
    }

    private static Validate MessageOf(EPaxosAttempt attempt, EPaxosInstance instance) => new()
    {
        Id = attempt.Id,
        Ballot = attempt.Ballot,
        Value = instance.Submitted with { IsCarried = true },
        Initial = attempt.Dep,
    };

    private void SendValidate(EPaxosAttempt attempt, MemberSet to, Outbox outbox)
    {
        EPaxosInstance instance = _state.FindOrAdd(attempt.Id);
        outbox.Send(to, MessageOf(attempt, instance), instance.Command.ToArray());
    }

    private void Validated(in Validate message, Outbox outbox)
    {
        bool isDone = _state.Find(message.Id) is { HasInitial: true } known
            && known.InitialDep == message.Initial
            && known.Holds == message.Value.Kind;
        if (isDone)
            return;

        Record(
            new InstanceRecord
            {
                Kind = EPaxosKind.ValidatedRecord,
                Id = message.Id,
                Ballot = message.Ballot,
                Value = message.Value,
                Dep = message.Initial,
            },
            message.Command,
            outbox);
    }

    // What conflicts, is not covered and does not cover: by what was decided, or by what its owner
    // has proposed.
    [Rule(EPaxosRules.ValidateIsNoVote)]
    private List<UncoveredInstance> UncoveredBy(InstanceId id, in EPaxosCover dep)
    {
        List<UncoveredInstance> uncovered = [];
        EPaxosInstance instance = _state.FindOrAdd(id);
        for (byte owner = 0; owner < _state.Members; owner++)
        {
            AddTruncated(instance, owner, dep, uncovered);
            long first = Math.Max(dep[owner], _state.Truncated[owner]) + 1;
            for (long slot = first; slot <= _state.LastOf(owner); slot++)
            {
                EPaxosInstance? other = _state.Find(new InstanceId(new Member(owner), slot));
                if (other is null || other == instance || !IsUncovered(instance, other))
                    continue;

                uncovered.Add(new UncoveredInstance(other.Id, other.IsCommitted));
            }
        }

        return uncovered;
    }

    // What is truncated is executed, and so is all that it depends on; this one is not decided, so
    // it is not among that. One of each owner is enough to contradict.
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    private void AddTruncated(
        EPaxosInstance instance,
        byte owner,
        in EPaxosCover dep,
        List<UncoveredInstance> uncovered)
    {
        EPaxosCover conflicts = _state.TruncatedConflicts.Of(instance.Submitted.Footprint);
        if (conflicts[owner] > dep[owner])
        {
            InstanceId id = new(new Member(owner), conflicts[owner]);
            uncovered.Add(new UncoveredInstance(id, IsCommitted: true));
        }
    }

    private static bool IsUncovered(EPaxosInstance instance, EPaxosInstance other)
    {
        if (!other.IsKnown || !instance.ConflictsWith(other))
            return false;

        return other.IsCommitted
            ? !other.IsNoOp && !other.Dep.Covers(instance.Id)
            : other.HasInitial && !other.InitialDep.Covers(instance.Id);
    }

    private static void Add(EPaxosAttempt attempt, IReadOnlyList<UncoveredInstance> uncovered)
    {
        foreach (UncoveredInstance other in uncovered)
        {
            bool isCommitted = attempt.Uncovered.GetValueOrDefault(other.Id) || other.IsCommitted;
            attempt.Uncovered[other.Id] = isCommitted;
        }
    }

    [Rule(EPaxosRules.ValidationChooses)]
    private void CountValidation(
        in Turn turn, EPaxosAttempt attempt, Member from, Outbox outbox)
    {
        if (attempt.Stage != EPaxosStage.Validating)
            return;

        attempt.Answered = attempt.Answered.With(from);
        if (!attempt.Quorum.Except(attempt.Answered).IsEmpty)
            return;

        bool isExact = attempt.Agreeing == attempt.Quorum.Count - _quorums.FastFaults;
        bool isContradicted = attempt.Uncovered.Values.Any(static isCommitted => isCommitted)
            || (isExact
                && attempt.Uncovered.Keys.Any(id => !attempt.Quorum.Contains(id.Owner)));
        if (attempt.Uncovered.Count == 0)
            AcceptSubmitted(turn, attempt, outbox);
        else if (isContradicted)
            AcceptNoOp(turn, attempt, outbox);
        else
            BeginWaiting(turn, attempt, outbox);
    }

    private void AcceptSubmitted(in Turn turn, EPaxosAttempt attempt, Outbox outbox) => Accept(
        turn,
        attempt,
        (_state.FindOrAdd(attempt.Id).Submitted.Kind, attempt.Dep),
        outbox);

    [Rule(EPaxosRules.WaitingEndsCycles)]
    private void BeginWaiting(in Turn turn, EPaxosAttempt attempt, Outbox outbox)
    {
        attempt.Begin(EPaxosStage.Waiting);
        _waiting.Add(attempt.Id);

        // Two recoveries that wait for each other may both be its own.
        HearWaiting(attempt.Id, attempt.Agreeing);
        _alarms.Set(attempt.Id, turn.Now + _options.ResendAfter);
        WaitOn(turn, attempt, outbox);
        LookAtWaiting(turn, outbox);
    }

    // Said again and again: each of these messages may be lost.
    [Rule(EPaxosRules.WaitingEndsCycles)]
    private void WaitOn(in Turn turn, EPaxosAttempt attempt, Outbox outbox)
    {
        SendWaiting(attempt, _others, outbox);
        SendRecover(attempt, _others.Except(attempt.Quorum), outbox);
        foreach (InstanceId other in attempt.Uncovered.Keys)
        {
            if (_state.IsCommitted(other))
                continue;

            outbox.Send(_others, new TryRecover { Id = other });
            if (IsDesignated(other) && !_attempts.ContainsKey(other))
                _alarms.Hasten(other, turn.Now + _random.Below(_options.RecoverDelay));
            else if (!_alarms.Has(other))
                _alarms.Set(other, turn.Now + Jittered(_options.RecoverAfter));
        }
    }

    private static void SendWaiting(EPaxosAttempt attempt, MemberSet to, Outbox outbox) =>
        outbox.Send(to, new Waiting { Id = attempt.Id, Count = attempt.Agreeing });

    private void LookAtWaiting(in Turn turn, Outbox outbox)
    {
        if (_waiting.Count == 0)
            return;

        foreach (InstanceId id in _waiting.ToArray())
        {
            bool isWaiting = _attempts.TryGetValue(id, out EPaxosAttempt? attempt)
                && attempt.Stage == EPaxosStage.Waiting
                && Going(id, attempt.Ballot) is not null;
            if (!isWaiting || attempt is null || TryEndWaiting(turn, attempt, outbox))
                _waiting.Remove(id);
        }
    }

    // Step 5, a to c.
    [Rule(EPaxosRules.WaitingEndsCycles)]
    private bool TryEndWaiting(in Turn turn, EPaxosAttempt attempt, Outbox outbox)
    {
        int most = _state.Members - _quorums.Faults - _quorums.FastFaults;
        bool isOpen = false;
        foreach (InstanceId id in attempt.Uncovered.Keys)
        {
            EPaxosInstance? other = _state.Find(id);
            bool isCommitted = _state.IsCommitted(id);
            bool isContradiction = isCommitted
                ? IsContradicted(attempt, id, other)
                : _waitingFor.GetValueOrDefault(id) > most;
            if (isContradiction)
            {
                AcceptNoOp(turn, attempt, outbox);
                return true;
            }

            isOpen |= !isCommitted;
        }

        if (!isOpen)
            AcceptSubmitted(turn, attempt, outbox);
        return !isOpen;
    }

    private bool IsContradicted(EPaxosAttempt attempt, InstanceId id, EPaxosInstance? other)
    {
        if (other is not null)
            return !other.IsNoOp && !other.Dep.Covers(attempt.Id);

        Footprint footprint = _state.FindOrAdd(attempt.Id).Submitted.Footprint;
        EPaxosCover truncated = _state.TruncatedConflicts.Of(footprint);
        return truncated[id.Owner.Index] > attempt.Dep[id.Owner.Index];
    }

    // Step 5, d: somebody who is not of the quorum answers after all.
    [Rule(EPaxosRules.WaitingEndsCycles)]
    private void TakeLate(
        in Turn turn, EPaxosAttempt attempt, (Member From, RecoverOk Report) told, Outbox outbox)
    {
        if (attempt.Quorum.Contains(told.From))
            return;

        if (told.Report.Phase == EPaxosPhase.Accepted)
            Accept(turn, attempt, (told.Report.Value.Kind, told.Report.Dep), outbox);
        else if (told.From == attempt.Id.Owner)
            AcceptNoOp(turn, attempt, outbox);
    }
}
