namespace Synod.Kernel;

/// <summary>Leadership on its way to another member (thesis §3.10), at the member that leads, and
/// after it has stepped down until it hears who leads instead.</summary>
/// <param name="target">Who is to lead.</param>
/// <param name="request">Who waits for the outcome; zero if nobody does.</param>
/// <param name="number">Which transfer of the term it is, from 1.</param>
/// <param name="due">When it is given up.</param>
public sealed class LeaderTransfer(Member target, RequestId request, long number, Instant due)
{
    /// <summary>Who is to lead.</summary>
    public Member Target => target;

    /// <summary>Who waits for the outcome; zero if nobody does.</summary>
    public RequestId Request => request;

    /// <summary>Which transfer of the reign it is, from 1.</summary>
    public long Number => number;

    /// <summary>When it is given up.</summary>
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
