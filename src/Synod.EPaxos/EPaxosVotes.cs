using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>All that was ever submitted, voted for and decided, for the audit: what a disk has lost
/// counts on.</summary>
internal sealed class EPaxosVotes(Quorums quorums)
{
    private readonly Dictionary<InstanceId, ulong> _contents = [];
    private readonly Dictionary<InstanceId, EPaxosValue> _submitted = [];
    private readonly Dictionary<InstanceId, EPaxosCover> _initial = [];
    private readonly Dictionary<(InstanceId, Ballot), Proposed> _proposed = [];
    private readonly Dictionary<(InstanceId, Ballot), MemberSet> _accepted = [];
    private readonly Dictionary<(InstanceId, Ballot), MemberSet> _promised = [];
    private readonly HashSet<(InstanceId, Proposed)> _chosen = [];
    private readonly Dictionary<InstanceId, MemberSet> _agreeing = [];
    private readonly Dictionary<InstanceId, Decided> _decided = [];
    private readonly Dictionary<(ulong Key, int Owner), SortedSet<long>> _byKey = [];
    private long _moment;

    /// <summary>How many instances are decided.</summary>
    public int Count => _decided.Count;

    /// <summary>A later moment than all before.</summary>
    public long Next() => ++_moment;

    /// <summary>What was submitted; null if nobody has told.</summary>
    public EPaxosValue? SubmittedAs(InstanceId id) =>
        _submitted.TryGetValue(id, out EPaxosValue value) ? value : null;

    /// <summary>Somebody has the command of an instance: all have the same.</summary>
    /// <param name="where">Who, and which instance.</param>
    /// <param name="value">What is said of it.</param>
    /// <param name="content">A hash of its bytes.</param>
    [Rule(EPaxosRules.OwnerProposes)]
    public void MeetContent((Member At, InstanceId Id) where, in EPaxosValue value, ulong content)
    {
        StateHash hash = default;
        FrameBuffer head = new();
        (value with { IsCarried = false }).WriteTo(head);
        hash.Add(head.Written);
        hash.Add(unchecked((long)content));
        bool isNew = _contents.TryAdd(where.Id, hash.Value);
        _submitted.TryAdd(where.Id, value with { IsCarried = false });
        Invariant.Holds(
            isNew || _contents[where.Id] == hash.Value,
            EPaxosRules.OwnerProposes,
            $"{where.At} has another command for {where.Id}");
    }

    /// <summary>What the owner has proposed first: all hear the same.</summary>
    [Rule(EPaxosRules.OwnerProposes)]
    public void MeetInitial(Member at, InstanceId id, in EPaxosCover initial)
    {
        bool isNew = _initial.TryAdd(id, initial);
        Invariant.Holds(
            isNew || _initial[id] == initial,
            EPaxosRules.OwnerProposes,
            $"{at} has {id} with {initial}, others with {_initial[id]}");
    }

    /// <summary>In a ballot all hear the same.</summary>
    [Rule(EPaxosRules.OneValuePerBallot)]
    public void MeetProposal(
        (Member At, InstanceId Id) where, Ballot ballot, in Proposed proposed)
    {
        bool isNew = _proposed.TryAdd((where.Id, ballot), proposed);
        Invariant.Holds(
            isNew || _proposed[(where.Id, ballot)] == proposed,
            EPaxosRules.OneValuePerBallot,
            $"{where.At} has {where.Id} {ballot} as {proposed}, others as "
            + $"{_proposed[(where.Id, ballot)]}");
    }

    /// <summary>A disk holds that it knew no conflict that the owner did not know.</summary>
    public void Agree(Member member, InstanceId id) =>
        _agreeing[id] = _agreeing.GetValueOrDefault(id).With(member);

    /// <summary>A disk holds an acceptance.</summary>
    public void Accept(Member member, InstanceId id, Ballot ballot)
    {
        MemberSet accepted = AcceptedBy(id, ballot).With(member);
        _accepted[(id, ballot)] = accepted;
        if (accepted.Count >= quorums.Slow)
            _chosen.Add((id, _proposed[(id, ballot)]));
    }

    /// <summary>A disk holds a promise.</summary>
    public void Promise(Member member, InstanceId id, Ballot ballot) =>
        _promised[(id, ballot)] = PromisedBy(id, ballot).With(member);

    public MemberSet AcceptedBy(InstanceId id, Ballot ballot) =>
        _accepted.GetValueOrDefault((id, ballot));

    public MemberSet PromisedBy(InstanceId id, Ballot ballot) =>
        _promised.GetValueOrDefault((id, ballot));

    /// <summary>Whether a quorum has voted for this, on disks, in some ballot.</summary>
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.SlowQuorum)]
    public bool IsVotedFor(InstanceId id, in Proposed proposed)
    {
        bool isFast = proposed.Kind != EPaxosValueKind.NoOp
            && _agreeing.GetValueOrDefault(id).Count >= quorums.Fast
            && _initial.GetValueOrDefault(id) == proposed.Dep;
        return isFast || _chosen.Contains((id, proposed));
    }

    /// <summary>A disk holds a decision: there is one of each instance, and of two that conflict
    /// one covers the other.</summary>
    [Rule(EPaxosRules.CommittedStays)]
    public void Decide((Member At, InstanceId Id) where, in Proposed proposed)
    {
        (Member at, InstanceId id) = where;
        if (_decided.TryGetValue(id, out Decided? known))
        {
            Invariant.Holds(
                known.Proposed == proposed,
                EPaxosRules.CommittedStays,
                $"{at} has {id} as {proposed}, others as {known.Proposed}");
            return;
        }

        _decided.Add(id, new Decided(proposed, Next()));
        if (proposed.Kind == EPaxosValueKind.NoOp)
            return;

        Footprint footprint = _submitted[id].Footprint;
        foreach (InstanceId other in Beyond(footprint, proposed.Dep))
            CheckVisible(id, other);
        Add(id, footprint);
    }

    /// <summary>What was decided before a moment, conflicts and is not covered.</summary>
    public IEnumerable<InstanceId> DecidedBeyond(
        Footprint footprint, EPaxosCover cover, long moment) =>
        from id in Beyond(footprint, cover)
        where _decided[id].Moment < moment
            && _submitted[id].Footprint.ConflictsWith(footprint)
        select id;

    [Rule(EPaxosRules.IndexedWithThePayload)]
    [Rule(EPaxosRules.UndecidedNoOpConflicts)]
    private void CheckVisible(InstanceId id, InstanceId other)
    {
        bool isConflict = id != other
            && _submitted[id].Footprint.ConflictsWith(_submitted[other].Footprint);
        Invariant.Holds(
            !isConflict || _decided[other].Proposed.Dep.Covers(id),
            EPaxosRules.IndexedWithThePayload,
            $"{id} {_decided[id].Proposed} and {other} {_decided[other].Proposed} are not "
            + "ordered");
    }

    // Key 0 stands for everything: all are there, and those that touch everything under each key.
    private IEnumerable<InstanceId> Beyond(Footprint footprint, EPaxosCover cover)
    {
        foreach (ulong key in KeysOf(footprint))
        {
            for (int owner = 0; owner < quorums.Members; owner++)
            {
                if (!_byKey.TryGetValue((key, owner), out SortedSet<long>? slots))
                    continue;

                foreach (long slot in slots.Reverse())
                {
                    if (slot <= cover[owner])
                        break;
                    yield return new InstanceId(new Member((byte)owner), slot);
                }
            }
        }
    }

    private void Add(InstanceId id, in Footprint footprint)
    {
        foreach (ulong key in footprint.IsUniversal ? [0, 1] : KeysOf(footprint).Append(0ul))
        {
            (ulong, int) place = (key, id.Owner.Index);
            if (!_byKey.TryGetValue(place, out SortedSet<long>? slots))
                _byKey[place] = slots = [];
            slots.Add(id.Slot);
        }
    }

    private static IEnumerable<ulong> KeysOf(Footprint footprint)
    {
        if (footprint.IsUniversal)
            return [0];

        return Enumerable.Range(0, footprint.Count)
            .Select(position => footprint.KeyAt(position))
            .Append(1ul);
    }

    /// <summary>What was proposed in a ballot.</summary>
    internal readonly record struct Proposed(EPaxosValueKind Kind, EPaxosCover Dep);

    private sealed record Decided(Proposed Proposed, long Moment);
}
