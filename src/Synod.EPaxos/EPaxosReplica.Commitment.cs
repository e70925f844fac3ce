using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is decided, and how all come to know it.</summary>
internal sealed partial class EPaxosReplica
{
    private readonly Frontier[] _frontiers;
    private readonly List<InstanceId> _newlyCommitted = [];
    private MemberSet _differing;
    private Instant _compareDue = Instant.Never;
    private Instant _fetchesAgain = new(long.MinValue);
    private long _knownAtFetch = -1;

    // The decided value is the only one, so it is taken at any ballot; who has it stays with it.
    [Rule(EPaxosRules.CommitAtAnyBallot)]
    [Rule(EPaxosRules.CommittedStays)]
    public void Receive(in Turn turn, Member from, in Commit message, Outbox outbox)
    {
        if (message.Value.Kind == EPaxosValueKind.None)
        {
            outbox.Violated(EPaxosRules.OneValuePerBallot, from);
            return;
        }

        EPaxosInstance? instance = _state.Find(message.Id);
        bool isThere = message.Value is { Kind: EPaxosValueKind.NoOp } or { IsCarried: true }
            || instance is { IsKnown: true };
        bool isTooMuch = _pressure == StoragePressure.Full && instance is not { IsKnown: true }
            && message.Value.Carried > 0;
        if (_state.IsCommitted(message.Id) || isTooMuch)
            return;

        if (isThere)
            Commit(turn, message, outbox, canWait: true);
        else
            _alarms.Hasten(message.Id, turn.Now + _options.ResendAfter);
    }

    // One that lags asks for what it lacks; one that is ahead goes on to tell until it does not.
    [Rule(EPaxosRules.AllComeToKnow)]
    public void Receive(in Turn turn, Member from, in Frontier message, Outbox outbox)
    {
        _frontiers[from.Index] = message;
        Frontier own = FrontierNow();
        _differing = own.IsAs(message) ? _differing.Without(from) : _differing.With(from);
        ScheduleCompare(turn);
        if (!message.IsAnswer)
            outbox.Send(MemberSet.Of(from), own with { IsAnswer = true });
        Fetch(turn, from, message, outbox);
    }

    [Rule(EPaxosRules.AllComeToKnow)]
    [Rule(EPaxosRules.TruncatedIsSaid)]
    public void Receive(in Turn turn, Member from, in FetchCommitted message, Outbox outbox)
    {
        int bytes = 0;
        bool isTruncated = false;
        foreach (SlotRange range in message.Missing)
        {
            int owner = range.First.Owner.Index;
            if (owner >= _state.Members)
                continue;

            isTruncated |= _state.IsTruncated(range.First);
            long first = Math.Max(range.First.Slot, _state.Truncated[owner] + 1);
            long last = Math.Min(range.Last, _state.LastOf(owner));
            for (long slot = first; slot <= last; slot++)
            {
                if (_state.Find(new(range.First.Owner, slot)) is not { IsCommitted: true } one)
                    continue;

                if (bytes > _options.FetchBytesMax)
                    break;
                bytes += one.Submitted.Length + EPaxosOptions.CommandOverhead;
                SendCommit(one, MemberSet.Of(from), outbox);
            }
        }

        if (isTruncated)
            outbox.Send(MemberSet.Of(from), new Truncated(_state.Truncated));
        outbox.Send(MemberSet.Of(from), FrontierNow() with { IsAnswer = true });
    }

    // Whoever asks about what is decided is told, whatever the question was.
    [Rule(EPaxosRules.CommittedStays)]
    [Rule(EPaxosRules.TruncatedIsSaid)]
    private bool AnswersCommitted(InstanceId id, Member from, Outbox outbox)
    {
        if (_state.IsTruncated(id))
        {
            outbox.Send(MemberSet.Of(from), new Truncated(_state.Truncated));
            return true;
        }

        if (_state.Find(id) is not { IsCommitted: true } instance)
            return false;

        SendCommit(instance, MemberSet.Of(from), outbox);
        return true;
    }

    // Only behind the record: a crash must not take back what somebody was told.
    [Rule(EPaxosRules.CommitIsDurable)]
    private void SendCommit(EPaxosInstance instance, MemberSet to, Outbox outbox) =>
        _parcels.Add(
            to,
            new Commit
            {
                Id = instance.Id,
                Ballot = instance.AcceptedIn,
                Value = instance.Value(isCarried: true),
                Dep = instance.Dep,
            },
            instance.IsNoOp ? default : instance.Command,
            outbox);

    // A quorum has voted for it: it is decided from here on, and all are told.
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.SlowQuorum)]
    [Rule(EPaxosRules.CommitIsDurable)]
    private void Decide(
        in Turn turn,
        (EPaxosInstance Instance, Ballot Ballot, EPaxosValueKind Kind, EPaxosCover Dep) decided,
        Outbox outbox)
    {
        EPaxosInstance instance = decided.Instance;

        // Who was sent the command has it, or asks for it: mostly its answer is only on its way.
        MemberSet holders = _attempts.TryGetValue(instance.Id, out EPaxosAttempt? attempt)
            ? attempt.Holders.Or(attempt.Asked.Except(_disconnected))
            : default;
        Commit message = new()
        {
            Id = instance.Id,
            Ballot = decided.Ballot,
            Value = ValueOf(instance, decided.Kind, isCarried: false),
            Dep = decided.Dep,
        };
        Commit(turn, message, outbox);
        MemberSet lacking = message.Value.Length > 0 ? _others.Except(holders) : default;
        SendCommit(instance, lacking, outbox);
        _parcels.Add(_others.Except(lacking), message, default, outbox);
    }

    // Of what others have decided the record may wait: whoever waits here for what is behind it has
    // the log flushed.
    private void Commit(in Turn turn, in Commit message, Outbox outbox, bool canWait = false)
    {
        EPaxosInstance instance = Record(
            new InstanceRecord
            {
                Kind = EPaxosKind.CommittedRecord,
                Id = message.Id,
                Ballot = message.Ballot,
                Value = message.Value,
                Dep = message.Dep,
            },
            message.Command,
            outbox,
            canWait);
        _attempts.Remove(message.Id);
        _waitingFor.Remove(message.Id);
        _asks.Remove(message.Id);
        _alarms.Cancel(message.Id);
        _executor.Committed(instance);
        bool isOwn = instance.Id.Owner == _self && instance.Holds == EPaxosValueKind.Command;
        if (isOwn && _requests.ContainsKey(instance.Id))
            _newlyCommitted.Add(instance.Id);
        _differing = _others;
        ScheduleCompare(turn);
        LookAtWaiting(turn, outbox);
    }

    // What runs at once is only delivered; whoever asked for the rest learns that it will run.
    [Rule(EPaxosRules.CommitIsDurable)]
    private void TellCommitted(Outbox outbox)
    {
        foreach (InstanceId id in _newlyCommitted)
        {
            if (_requests.TryGetValue(id, out OwnBatch? own))
                TellCommitted(own, outbox);
        }

        _newlyCommitted.Clear();
    }

    private static void TellCommitted(OwnBatch own, Outbox outbox)
    {
        foreach (OwnRequest one in own.Requests)
        {
            if (one.Request != default)
                outbox.Committed(one.Request, outbox.Appended);
        }
    }

    private void ScheduleCompare(in Turn turn)
    {
        bool isNeeded = !_differing.Except(_disconnected).IsEmpty;
        if (!isNeeded)
            _compareDue = Instant.Never;
        else if (_compareDue == Instant.Never)
            _compareDue = turn.Now + Jittered(_options.CompareInterval);
    }

    private void Compare(in Turn turn, Outbox outbox)
    {
        if (turn.Now < _compareDue)
            return;

        _compareDue = Instant.Never;
        outbox.Send(_differing.Except(_disconnected), FrontierNow());
        ScheduleCompare(turn);
    }

    private void ForgetFrontier(in Turn turn, Member peer)
    {
        _frontiers[peer.Index] = default;
        _differing = _differing.With(peer);
        _compareDue = Earlier(_compareDue, turn.Now);
    }

    private Frontier FrontierNow() =>
        new(_state.CommittedThroughAll(), _state.LastCommitted(), _state.CommittedSum);

    // Again at once only if the last question has brought something.
    [Rule(EPaxosRules.AllComeToKnow)]
    private void Fetch(in Turn turn, Member from, in Frontier theirs, Outbox outbox)
    {
        bool isNews = _state.Committed > _knownAtFetch;
        if (_pressure == StoragePressure.Full || (!isNews && turn.Now < _fetchesAgain))
            return;

        List<SlotRange> missing = [];
        for (byte owner = 0; owner < _state.Members && missing.Count < SlotRange.CountMax; owner++)
            AddMissing(new Member(owner), theirs.Last[owner], missing);
        if (missing.Count == 0)
            return;

        _knownAtFetch = _state.Committed;
        _fetchesAgain = turn.Now + _options.ResendAfter;
        outbox.Send(MemberSet.Of(from), new FetchCommitted(missing));
    }

    private void AddMissing(Member owner, long last, List<SlotRange> missing)
    {
        InstanceId? first = null;
        for (long slot = _state.CommittedThrough(owner.Index) + 1; slot <= last; slot++)
        {
            InstanceId id = new(owner, slot);
            bool isMissing = _state.Find(id) is not { IsCommitted: true };
            if (isMissing)
                first ??= id;
            else if (first is InstanceId begun)
                missing.Add(new SlotRange(begun, slot - 1));
            if (!isMissing)
                first = null;
            if (missing.Count == SlotRange.CountMax)
                return;
        }

        if (first is InstanceId open)
            missing.Add(new SlotRange(open, last));
    }
}
