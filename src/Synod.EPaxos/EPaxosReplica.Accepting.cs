using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Proposal, continued: acceptance in any ballot, of an owner that goes the slow path and
/// of a recovery.</summary>
internal sealed partial class EPaxosReplica
{
    [Rule(EPaxosRules.AcceptUnlessPromised)]
    [Rule(EPaxosRules.CommittedStays)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void Receive(in Turn turn, Member from, in Accept message, Outbox outbox)
    {
        Member proposer =
            message.Ballot == Ballot.Zero ? message.Id.Owner : message.Ballot.Proposer;
        if (proposer != from || message.Value.Kind == EPaxosValueKind.None)
        {
            outbox.Violated(EPaxosRules.OneValuePerBallot, from);
            return;
        }

        EPaxosInstance? instance = _state.Find(message.Id);
        if (AnswersCommitted(message.Id, from, outbox) || _state.IsVoiceless)
            return;
        if (instance is not null && message.Ballot < instance.Promised)
        {
            outbox.Send(
                MemberSet.Of(from), new Nack { Id = message.Id, Ballot = instance.Promised });
            return;
        }

        bool isNew = instance is not { Phase: EPaxosPhase.Accepted }
            || instance.AcceptedIn != message.Ballot;
        if (isNew && !TryAccept(message, outbox))
            return;

        _alarms.Set(message.Id, turn.Now + PatienceWith(from));
        _parcels.Add(
            MemberSet.Of(from),
            new AcceptOk { Id = message.Id, Ballot = message.Ballot },
            default,
            outbox);
    }

    [Rule(EPaxosRules.SlowQuorum)]
    public void Receive(in Turn turn, Member from, in AcceptOk message, Outbox outbox)
    {
        if (Going(message.Id, message.Ballot) is EPaxosAttempt attempt)
            CountAccept(turn, attempt, from, outbox);
    }

    // Without the command nothing can be accepted that has one; it comes with the next copy.
    private bool TryAccept(in Accept message, Outbox outbox)
    {
        bool isKnown = _state.Find(message.Id) is { IsKnown: true };
        bool isThere = isKnown
            || message.Value is { Kind: EPaxosValueKind.NoOp } or { IsCarried: true };
        bool isTooMuch =
            _pressure == StoragePressure.Full && !isKnown && message.Value.Carried > 0;
        if (!isThere || isTooMuch)
            return false;

        Record(
            new InstanceRecord
            {
                Kind = EPaxosKind.AcceptedRecord,
                Id = message.Id,
                Ballot = message.Ballot,
                Value = message.Value,
                Dep = message.Dep,
            },
            message.Command,
            outbox);
        return true;
    }

    // What is proposed in a ballot is recorded here before it leaves, but not durably: nobody goes
    // on in this ballot after a restart.
    [Rule(EPaxosRules.OneValuePerBallot)]
    [Rule(EPaxosRules.RestartMeansNewBallot)]
    private void Accept(
        in Turn turn,
        EPaxosAttempt attempt,
        (EPaxosValueKind Kind, EPaxosCover Dep) proposed,
        Outbox outbox)
    {
        attempt.Begin(EPaxosStage.Accepting);
        attempt.Proposed = proposed.Kind;
        attempt.Dep = proposed.Dep;
        attempt.Asked = attempt.Ballot == Ballot.Zero ? QuorumOf(turn, _quorums.Slow) : _others;
        EPaxosInstance instance = _state.FindOrAdd(attempt.Id);
        Record(
            new InstanceRecord
            {
                Kind = EPaxosKind.AcceptedRecord,
                Id = attempt.Id,
                Ballot = attempt.Ballot,
                Value = ValueOf(instance, proposed.Kind, isCarried: false),
                Dep = proposed.Dep,
            },
            instance.Command,
            outbox);
        _own.Enqueue((outbox.Appended, attempt.Id, attempt.Ballot, EPaxosKind.Accept));
        _alarms.Set(attempt.Id, turn.Now + _options.ResendAfter);
        SendAccept(attempt, attempt.Asked, outbox);
    }

    private void SendAccept(EPaxosAttempt attempt, MemberSet to, Outbox outbox)
    {
        EPaxosInstance instance = _state.FindOrAdd(attempt.Id);
        Accept message = new()
        {
            Id = attempt.Id,
            Ballot = attempt.Ballot,
            Value = ValueOf(instance, attempt.Proposed, isCarried: true),
            Dep = attempt.Dep,
        };
        MemberSet lacking = message.Value.Carried > 0 ? to.Except(attempt.Holders) : default;
        _parcels.Add(
            (lacking, default, EPaxosRules.ProposalsNeedNoRecord),
            message,
            instance.Command,
            outbox);
        _parcels.Add(
            (to.Except(lacking), default, EPaxosRules.ProposalsNeedNoRecord),
            message with { Value = message.Value with { IsCarried = false } },
            default,
            outbox);
    }

    private static EPaxosValue ValueOf(
        EPaxosInstance instance, EPaxosValueKind kind, bool isCarried) =>
        kind == EPaxosValueKind.NoOp
            ? EPaxosValue.NoOp
            : instance.Submitted with { IsCarried = isCarried };

    [Rule(EPaxosRules.SlowQuorum)]
    private void CountAccept(in Turn turn, EPaxosAttempt attempt, Member from, Outbox outbox)
    {
        if (attempt.Stage != EPaxosStage.Accepting)
            return;

        Answers(from);
        attempt.Answered = attempt.Answered.With(from);
        if (attempt.Proposed != EPaxosValueKind.NoOp)
            attempt.Holders = attempt.Holders.With(from);
        if (attempt.Answered.Count < _quorums.Slow || !attempt.Answered.Contains(_self))
            return;

        Decide(
            turn,
            (_state.FindOrAdd(attempt.Id), attempt.Ballot, attempt.Proposed, attempt.Dep),
            outbox);
    }
}
