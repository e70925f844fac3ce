using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Reads: they see all that conflicts and was decided anywhere when they were asked
/// for.</summary>
internal sealed partial class EPaxosAudit
{
    public override void Reads(Member member, RequestId request, in Footprint footprint)
    {
        EPaxosSeat seat = Seats[member.Index];
        seat.Reads.Add(request, (footprint, _votes.Next()));
        seat.Asking = request;
    }

    private void LeavesOfReading(Member from, EPaxosKind kind, ref FrameReader reader)
    {
        if (kind is EPaxosKind.Gather or EPaxosKind.Gathered)
            _durability.RequireVoice(from);
        if (kind == EPaxosKind.Gathered)
            _durability.Names(from, EPaxosCodec.ReadGathered(ref reader).Conflicts[from.Index]);
        else if (kind == EPaxosKind.Used)
            _durability.Names(from, EPaxosCodec.ReadUsed(ref reader).Last);
    }

    // In the step that asks for it a read goes out with its own question.
    private static void GatherLeaves(EPaxosSeat seat, in Gather message)
    {
        if (seat.Asking != default)
            seat.Tickets[seat.Asking] = message.Ticket;
    }

    // Those that count have answered this very question, not one of a former life.
    [Rule(EPaxosRules.GatherRead)]
    private void CheckAnswered(EPaxosSeat seat, RequestId request)
    {
        if (!seat.Tickets.Remove(request, out GatherTicket ticket))
            return;

        MemberSet answered = seat.AnsweredBy(ticket).With(seat.Member);
        Invariant.Holds(
            answered.Count >= Epoch.Quorums.Slow,
            EPaxosRules.GatherRead,
            $"{seat.Member} reads {request} by {ticket}, answered by {answered}");
    }

    [Rule(EPaxosRules.GatherRead)]
    protected override void CheckRead(EPaxosSeat seat, RequestId request)
    {
        EPaxosReplica live = seat.Alive;
        bool isAsked = seat.Reads.Remove(request, out (Footprint Footprint, long Moment) read);
        Invariant.Holds(
            isAsked, EPaxosRules.GatherRead, $"{seat.Member} reads {request}, which nobody asked");
        CheckAnswered(seat, request);
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
