using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Recovery, continued: what is forgotten behind snapshots, and what is said of it
/// (protocols §1.9). Its host takes the snapshots; without any nothing is forgotten.</summary>
internal sealed partial class EPaxosReplica
{
    private const int KeysPerRecord = 512;

    private readonly EPaxosCover[] _saved;
    private readonly EPaxosFrontier _restored;
    private EPaxosCover _missing;

    // What it lacks only a snapshot can give it, so nobody should wait for it here.
    private bool IsBehind => !_missing.IsEmpty
        && !_state.CommittedThroughAll().Includes(_missing);

    public void Capture(FrameBuffer frontier) => _state.Executed().WriteTo(frontier);

    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void SnapshotSaved(in Turn turn, ReadOnlySpan<byte> frontier, Outbox outbox)
    {
        EPaxosCover saved = EPaxosFrontier.Of(frontier).Through;
        Invariant.Holds(
            _state.Executed().Through.Includes(saved),
            EPaxosRules.TruncatedBehindSnapshots,
            $"{_self} has a snapshot of {saved} and has executed {_state.Executed().Through}");
        if (_state.Saved.Includes(saved))
            return;

        StateRecord next = _state.Statement with { Saved = _state.Saved.Union(saved) };
        outbox.PersistStatement(next);
        _state.Take(next);
        _saved[_self.Index] = next.Saved;
        TellSaved(_others, outbox);
        TryTruncate(outbox);
        GoOn(turn, outbox);
    }

    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void Receive(in Turn turn, Member from, in Saved message, Outbox outbox)
    {
        _saved[from.Index] = _saved[from.Index].Union(message.Through);
        TryTruncate(outbox);
    }

    // What is decided there nobody else needs to decide; only that it is not known here.
    [Rule(EPaxosRules.TruncatedIsSaid)]
    public void Receive(in Turn turn, Member from, in Truncated message, Outbox outbox)
    {
        _missing = _missing.Union(message.Through);
        foreach (InstanceId id in _attempts.Keys.Where(id => _missing.Covers(id)).ToArray())
        {
            _attempts.Remove(id);
            _alarms.Cancel(id);
        }
    }

    private void BeginTruncation()
    {
        Invariant.Holds(
            _restored.Through.Includes(_state.Truncated),
            EPaxosRules.TruncatedBehindSnapshots,
            $"{_self} begins with a snapshot of {_restored.Through} and has truncated "
            + $"{_state.Truncated}");
        _saved[_self.Index] = _state.Saved;
    }

    // Behind the statement: a crash must not take it back.
    private void TellSaved(MemberSet to, Outbox outbox)
    {
        if (!_state.Saved.IsEmpty)
            outbox.Send(to, new Saved(_state.Saved));
    }

    // Who is damaged forgets nothing more.
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    private void TryTruncate(Outbox outbox)
    {
        EPaxosCover through = InSnapshots();
        if (_state.IsVoiceless || _state.Truncated.Includes(through))
            return;

        StateRecord next = _state.Statement with { Truncated = _state.Truncated.Union(through) };
        outbox.PersistStatement(next);
        _state.Take(next);
        RecordNumber behind = outbox.Appended.Next();
        foreach (EPaxosConflictsPage page in _state.TruncatedConflicts.Pages(KeysPerRecord))
            outbox.Persist(new TruncatedRecord(page));
        if (_lost.Count > 0)
            outbox.Persist(new RepairedRecord([.. _lost]));
        outbox.Release(FirstNeeded(behind));
    }

    // Of each owner the slot that n − f members have in their snapshots, this one among them.
    private EPaxosCover InSnapshots()
    {
        long[] through = new long[_state.Members];
        for (int owner = 0; owner < through.Length; owner++)
        {
            long[] slots = [.. _saved.Select(saved => saved[owner]).OrderDescending()];
            through[owner] = Math.Min(
                slots[_quorums.Slow - 1], _saved[_self.Index][owner]);
        }

        return EPaxosCover.Of(through);
    }

    // The oldest record that tells of what is left, or has a command that is not executed.
    private RecordNumber FirstNeeded(RecordNumber first)
    {
        foreach (EPaxosInstance instance in _state.All())
        {
            first = Older(first, instance.First);
            first = Older(first, instance.Command.Oldest);
        }

        foreach (OwnRequest own in AllOwn())
            first = Older(first, own.Command.Record);
        return first;
    }

    private static RecordNumber Older(RecordNumber first, RecordNumber other) =>
        other != default && other < first ? other : first;
}
