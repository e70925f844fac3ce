using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is decided.</summary>
internal sealed partial class EPaxosAudit
{
    // The disks of a quorum hold, or held, the votes for it.
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.SlowQuorum)]
    private void CheckDecision(Seat seat, in InstanceRecord record)
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
