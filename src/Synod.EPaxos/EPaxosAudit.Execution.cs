using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is executed: once, behind what it depends on, and in the same order as
/// everywhere.</summary>
internal sealed partial class EPaxosAudit
{
    // Of each key and each command that writes it, the one that did before.
    private readonly Dictionary<(ulong Key, InstanceId Id), InstanceId> _before = [];

    [Rule(EPaxosRules.CommitIsDurable)]
    protected override void CheckDelivery(EPaxosSeat seat, in Effect effect)
    {
        EPaxosReplica live = seat.Alive;
        (EPaxosInstance instance, int place) = Delivered(seat, live, effect.Command);
        Invariant.Holds(
            instance.CommittedBy <= effect.Record && effect.Command.Record <= effect.Record,
            EPaxosRules.CommitIsDurable,
            $"{seat.Member} delivers {instance.Id} behind {effect.Record} and not "
            + $"{instance.CommittedBy}");
        seat.Executed.Add((instance.Id, place));
        CheckTold(seat, instance, effect);
        CheckWhole(seat, instance, place);
        Names?.Invoke(seat.Member, $"{instance.Id}");
        if (place > 0)
            return;

        CheckClosure(seat, live, instance);
        CheckOrder(seat, instance, effect.Record);
    }

    [Rule(EPaxosRules.NoOpIsProposedAgain)]
    private static (EPaxosInstance Instance, int Place) Delivered(
        EPaxosSeat seat, EPaxosReplica live, Payload command)
    {
        foreach ((InstanceId id, int place) in seat.Commands.GetValueOrDefault(command) ?? [])
        {
            EPaxosInstance? instance = live.State.Find(id);
            bool isDecided =
                instance is { IsCommitted: true, Holds: EPaxosValueKind.Command };
            if (instance is not null && isDecided && !seat.Executed.Contains((id, place)))
                return (instance, place);
        }

        throw new InvariantBrokenException(
            EPaxosRules.CommitIsDurable,
            $"{seat.Member} delivers {command}, which is not decided, or twice");
    }

    // The commands of an instance, in their order and nothing between them.
    [Rule(EPaxosRules.BatchRunsWhole)]
    private static void CheckWhole(EPaxosSeat seat, EPaxosInstance instance, int place)
    {
        (InstanceId id, int left) = seat.Executing;
        bool isNext = place == 0 ? left == 0 : id == instance.Id && place == instance.Count - left;
        Invariant.Holds(
            isNext,
            EPaxosRules.BatchRunsWhole,
            $"{seat.Member} executes command {place} of {instance.Id}, left are {left} of {id}");
        seat.Executing = (instance.Id, instance.Count - place - 1);
    }

    [Rule(EPaxosRules.BatchRunsWhole)]
    private static void CheckEnd(EPaxosSeat seat) => Invariant.Holds(
        seat.Executing.Left == 0,
        EPaxosRules.BatchRunsWhole,
        $"{seat.Member} leaves {seat.Executing.Left} commands of {seat.Executing.Id} out");

    // Undecided is nothing that it depends on.
    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    private static void CheckClosure(EPaxosSeat seat, EPaxosReplica live, EPaxosInstance instance)
    {
        for (byte owner = 0; owner < live.State.Members; owner++)
        {
            long slot = live.State.ExecutedThrough(owner) + 1;
            for (; slot <= instance.Dep[owner]; slot++)
            {
                EPaxosInstance? other = live.State.Find(new InstanceId(new Member(owner), slot));
                bool isFree = other is { IsKnown: true } && !other.ConflictsWith(instance);
                Invariant.Holds(
                    isFree || other is { IsExecuted: true },
                    EPaxosRules.ExecutionNeverBlocks,
                    $"{seat.Member} executes {instance} before {owner}.{slot}, {other}");
            }
        }
    }

    // Of all that conflict on a key, and of all that touch everything, the order is the same.
    [Rule(EPaxosRules.CyclesByOwnerAndSlot)]
    private void CheckOrder(EPaxosSeat seat, EPaxosInstance instance, RecordNumber gate)
    {
        Footprint footprint = instance.Submitted.Footprint;
        long place = _votes.Next();
        (InstanceId Id, long Place) everything = seat.Last.GetValueOrDefault(0ul);
        if (footprint.IsUniversal && !(everything.Id.IsNone && seat.Alive.State.IsRestored))
            seat.Ordered.Enqueue((gate, (0, instance.Id), everything.Id));
        for (int position = 0; position < footprint.Count; position++)
        {
            if (!footprint.IsWrite(position))
                continue;

            ulong key = footprint.KeyAt(position);
            (InstanceId Id, long Place) last = seat.Last.GetValueOrDefault(key);
            last = last.Place < everything.Place ? everything : last;
            seat.Last[key] = (instance.Id, place);
            if (last.Id.IsNone && seat.Alive.State.IsRestored)
                continue; // What was before is in the snapshot.

            seat.Ordered.Enqueue((gate, (key, instance.Id), last.Id));
        }

        if (footprint.IsUniversal)
            seat.Last[0] = (instance.Id, place);
        CheckOrdered(seat);
    }

    // What is not durable is not executed: it may come to nothing, and the order is another then.
    [Rule(EPaxosRules.CommitIsDurable)]
    private void CheckOrdered(EPaxosSeat seat)
    {
        while (seat.Ordered.TryPeek(
            out (RecordNumber Gate, (ulong, InstanceId), InstanceId) next)
            && next.Gate <= seat.Durable)
        {
            (_, (ulong, InstanceId) one, InstanceId before) = seat.Ordered.Dequeue();
            CheckBefore(seat, one, before);
        }
    }

    private void CheckBefore(EPaxosSeat seat, (ulong Key, InstanceId Id) one, InstanceId before)
    {
        bool isNew = _before.TryAdd(one, before);
        Invariant.Holds(
            isNew || _before[one] == before,
            EPaxosRules.CyclesByOwnerAndSlot,
            $"{seat.Member} executes {one.Id} behind {before}, others behind {_before[one]}");
    }
}
