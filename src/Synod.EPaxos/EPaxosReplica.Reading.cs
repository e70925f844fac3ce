using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Linearizable reads: of one key by a question to a quorum, else in the order of
/// commands (protocols §1.6).</summary>
internal sealed partial class EPaxosReplica
{
    private readonly (ulong Boot, uint Life) _life;
    private readonly SortedDictionary<long, GatherRead> _reads = [];
    private readonly Dictionary<InstanceId, List<GatherRead>> _readers = [];
    private long _lastTicket;
    private Instant _readsDue = Instant.Never;

    private Instant ReadsDue => _reads.Count > 0 ? _readsDue : Instant.Never;

    public void Read(
        in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        if (!HasQuorum || IsMute || IsBehind)
        {
            outbox.Reject(request, RejectReason.NoQuorum);
            return;
        }

        if (_options.GathersReads && footprint.Count == 1)
            BeginGather(turn, request, footprint, outbox);
        else
            ProposeRead(turn, request, footprint, outbox);
        GoOn(turn, outbox);
    }

    // What conflicts may be more than is there, never less; so it need not be durable. But no own
    // slot is named that could be used anew.
    [Rule(EPaxosRules.GatherRead)]
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void Receive(in Turn turn, Member from, in Gather message, Outbox outbox)
    {
        if (IsMute)
            return;

        outbox.SendBehind(
            MemberSet.Of(from),
            new Gathered
            {
                Ticket = message.Ticket,
                Conflicts = _state.Conflicts.Of(message.Footprint),
            },
            (_reservation, EPaxosRules.GatherRead));
    }

    [Rule(EPaxosRules.GatherRead)]
    public void Receive(in Turn turn, Member from, in Gathered message, Outbox outbox)
    {
        bool isOfThisLife = (message.Ticket.Boot, message.Ticket.Life) == _life;
        if (!isOfThisLife || !_reads.TryGetValue(message.Ticket.Number, out GatherRead? read))
            return;

        if (!read.IsGathered)
            CountGathered(turn, read, (from, message.Conflicts), outbox);
    }

    private void ProposeRead(
        in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        if (ObjectionTo(0) is RejectReason objection)
        {
            outbox.Reject(request, objection);
            return;
        }

        EPaxosValue value = new(EPaxosValueKind.Read, footprint);
        Submit(turn, new OwnRequest(request, value, default), outbox);
    }

    [Rule(EPaxosRules.GatherRead)]
    private void BeginGather(
        in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        GatherRead read = new(++_lastTicket, request, footprint);
        _reads.Add(read.Ticket, read);
        if (_reads.Count == 1)
            _readsDue = turn.Now + _options.ResendAfter;
        SendGather(read, outbox);
        CountGathered(turn, read, (_self, _state.Conflicts.Of(footprint)), outbox);
    }

    private void SendGather(GatherRead read, Outbox outbox) => outbox.SendAtOnce(
        _others.Except(read.Answered),
        new Gather
        {
            Ticket = new GatherTicket(_life.Boot, _life.Life, read.Ticket),
            Footprint = read.Footprint,
        },
        EPaxosRules.GatherRead);

    private void CountGathered(
        in Turn turn, GatherRead read, (Member From, EPaxosCover Conflicts) answer, Outbox outbox)
    {
        read.Answered = read.Answered.With(answer.From);
        read.Conflicts = read.Conflicts.Union(answer.Conflicts);
        if (read.Answered.Count < _quorums.Slow)
            return;

        read.IsGathered = true;
        RunOrWait(turn, read, outbox);
    }

    // It waits for one after the other of those that it must see.
    [Rule(EPaxosRules.GatherRead)]
    private void RunOrWait(in Turn turn, GatherRead read, Outbox outbox)
    {
        if (MissedBy(read.Footprint, read.Conflicts, _epoch.All) is not InstanceId id)
        {
            _reads.Remove(read.Ticket);
            outbox.ReadReady(read.Request);
            return;
        }

        if (!_readers.TryGetValue(id, out List<GatherRead>? readers))
            _readers[id] = readers = [];
        readers.Add(read);
        if (_state.Find(id) is not { IsCommitted: true } && !_alarms.Has(id))
            _alarms.Set(id, turn.Now + PatienceToHear(id));
    }

    // The first of some owners that is covered, may conflict and is not executed.
    private InstanceId? MissedBy(
        in Footprint footprint, in EPaxosCover conflicts, MemberSet owners)
    {
        foreach (Member owner in owners)
        {
            long last = conflicts[owner.Index];
            for (long slot = _state.ExecutedThrough(owner.Index) + 1; slot <= last; slot++)
            {
                InstanceId id = new(owner, slot);
                EPaxosInstance? other = _state.Find(id);
                bool isSeen = other is { IsExecuted: true }
                    || (other is { IsKnown: true } && !other.ConflictsWith(footprint));
                if (!isSeen)
                    return id;
            }
        }

        return null;
    }

    private void ReleaseReads(in Turn turn, InstanceId executed, Outbox outbox)
    {
        if (_readers.Count == 0 || !_readers.Remove(executed, out List<GatherRead>? readers))
            return;

        foreach (GatherRead read in readers)
        {
            if (_reads.ContainsKey(read.Ticket))
                RunOrWait(turn, read, outbox);
        }
    }

    private void AskReadsAgain(in Turn turn, Outbox outbox)
    {
        if (turn.Now < ReadsDue)
            return;

        _readsDue = turn.Now + _options.ResendAfter;
        foreach (GatherRead read in _reads.Values)
        {
            if (!read.IsGathered)
                SendGather(read, outbox);
        }
    }

    private void GiveUpReads(Outbox outbox)
    {
        foreach (GatherRead read in _reads.Values)
            outbox.Reject(read.Request, RejectReason.NoQuorum);
        _reads.Clear();
        _readers.Clear();
    }

    private void DigestReads(ref StateHash hash)
    {
        foreach (GatherRead read in _reads.Values)
        {
            hash.Add(read.Request.Number);
            hash.Add(read.Answered.Bits);
            read.Conflicts.AddTo(ref hash);
        }
    }
}
