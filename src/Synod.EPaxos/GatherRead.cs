using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>A read that asks a quorum what it must see, and then waits until it does.</summary>
internal sealed class GatherRead(long ticket, RequestId request, Footprint footprint)
{
    public long Ticket => ticket;

    public RequestId Request => request;

    public Footprint Footprint => footprint;

    public MemberSet Answered { get; set; }

    public EPaxosCover Conflicts { get; set; }

    public bool IsGathered { get; set; }
}
