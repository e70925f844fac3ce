using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Reads: they see all that conflicts and was decided anywhere when they were asked
/// for.</summary>
internal sealed partial class EPaxosAudit
{
    public void Reads(Member member, RequestId request, in Footprint footprint) =>
        _seats[member.Index].Reads.Add(request, (footprint, _votes.Next()));

    [Rule(EPaxosRules.GatherRead)]
    private void CheckRead(Seat seat, EPaxosReplica live, RequestId request)
    {
        bool isAsked = seat.Reads.Remove(request, out (Footprint Footprint, long Moment) read);
        Invariant.Holds(
            isAsked, EPaxosRules.GatherRead, $"{seat.Member} reads {request}, which nobody asked");
        EPaxosCover executed = ExecutedBy(live);
        foreach (InstanceId id in
            _votes.DecidedBeyond(read.Footprint, executed, read.Moment))
        {
            Invariant.Holds(
                live.State.Find(id) is { IsExecuted: true },
                EPaxosRules.GatherRead,
                $"{seat.Member} reads {request} without {id}, which was decided before");
        }
    }

    private static EPaxosCover ExecutedBy(EPaxosReplica live)
    {
        Span<long> executed = stackalloc long[live.State.Members];
        for (int owner = 0; owner < executed.Length; owner++)
            executed[owner] = live.State.ExecutedThrough(owner);
        return EPaxosCover.Of(executed);
    }
}
