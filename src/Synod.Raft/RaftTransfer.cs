using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Leadership on its way to another member (thesis §3.10), at the member that leads, and
/// after it has stepped down until it hears who leads instead.</summary>
/// <param name="target">Who is to lead.</param>
/// <param name="request">Who waits for the outcome; zero if nobody does.</param>
/// <param name="number">Which transfer of the term it is, from 1.</param>
/// <param name="due">When it is given up.</param>
internal sealed class RaftTransfer(Member target, RequestId request, long number, Instant due)
{
    public Member Target => target;

    public RequestId Request => request;

    public long Number => number;

    public Instant Due => due;

    /// <summary>Whether the target was asked to campaign: it may do so at any time from then
    /// on.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Adds all of it but times.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(target.Index);
        hash.Add(request.Number);
        hash.Add(number);
        hash.Add(IsAsked ? 1 : 0);
    }
}
