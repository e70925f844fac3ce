using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is decided.</summary>
internal sealed partial class EPaxosAudit
{
    // The disks of a quorum hold, or held, the votes for it.
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.SlowQuorum)]
    private void CheckDecision(EPaxosSeat seat, in InstanceRecord record)
    {
        EPaxosVotes.Proposed proposed = new(record.Value.Kind, record.Dep);
        Invariant.Holds(
            _votes.IsVotedFor(record.Id, proposed),
            EPaxosRules.SlowQuorum,
            $"{seat.Member} takes {record} for decided; accepted by "
            + $"{_votes.AcceptedBy(record.Id, record.Ballot)}");
        Invariant.Holds(
            record.Value.Kind == EPaxosValueKind.NoOp
                || _votes.SubmittedAs(record.Id)?.Kind == record.Value.Kind,
            EPaxosRules.OwnerProposes,
            $"{seat.Member} takes {record} for decided, which nobody has submitted");
    }

    // Who is told that its command is decided has one here that is, and that does not run yet.
    [Rule(EPaxosRules.CommitIsDurable)]
    protected override void CheckCommitted(EPaxosSeat seat, in Effect effect)
    {
        EPaxosReplica live = seat.Alive;
        RecordNumber gate = effect.Record;
        Invariant.Holds(
            seat.Told.TryAdd(effect.Request, gate) && OpenOf(live).Any(
                instance => instance.CommittedBy <= gate),
            EPaxosRules.CommitIsDurable,
            $"{seat.Member} says behind {gate} that {effect.Request} is decided, open are "
            + string.Join("; ", OpenOf(live)));
    }

    // What ends it is that command, decided by what it was told behind.
    [Rule(EPaxosRules.CommitIsDurable)]
    private static void CheckTold(EPaxosSeat seat, EPaxosInstance instance, in Effect effect)
    {
        if (effect.Request == default)
            return;

        bool isTold = seat.Told.Remove(effect.Request, out RecordNumber gate);
        Invariant.Holds(
            instance.Id.Owner == seat.Member && (!isTold || instance.CommittedBy <= gate),
            EPaxosRules.CommitIsDurable,
            $"{seat.Member} runs {instance.Id} of {instance.CommittedBy} for {effect.Request}, "
            + $"which it called decided behind {gate}");
    }

    [Rule(EPaxosRules.CommitIsDurable)]
    protected override void CheckRejected(EPaxosSeat seat, in Effect effect) => Invariant.Holds(
        !seat.Told.ContainsKey(effect.Request),
        EPaxosRules.CommitIsDurable,
        $"{seat.Member} rejects {effect.Request}, which it has called decided");

    // The own commands that are decided and wait for others.
    private static IEnumerable<EPaxosInstance> OpenOf(EPaxosReplica live)
    {
        int owner = live.Self.Index;
        for (long slot = live.State.ExecutedThrough(owner) + 1;
            slot <= live.State.LastOf(owner);
            slot++)
        {
            if (live.State.Find(new InstanceId(live.Self, slot))
                is { IsCommitted: true, IsExecuted: false, Holds: EPaxosValueKind.Command } one)
            {
                yield return one;
            }
        }
    }

    private void LeavesOfCommitment(
        Member from, EPaxosKind kind, ref FrameReader reader, ReadOnlySpan<byte> frame)
    {
        if (kind == EPaxosKind.Commit)
        {
            Commit message = EPaxosCodec.ReadCommit(ref reader);
            MeetCommand((from, message.Id), message.Value, message.Command, frame);
            _durability.Leaves(from, message);
        }
        else if (kind == EPaxosKind.Frontier)
        {
            _durability.Leaves(from, EPaxosCodec.ReadFrontier(ref reader));
        }
    }
}
