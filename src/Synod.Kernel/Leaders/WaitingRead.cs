namespace Synod.Kernel;

/// <summary>A read that waits at a leader: its own, or a batch of a follower.</summary>
/// <param name="Request">The own request.</param>
/// <param name="Asker">The follower; null if it is an own request.</param>
/// <param name="Ticket">The follower's batch.</param>
public readonly record struct WaitingRead(RequestId Request, Member? Asker, ReadTicket Ticket)
{
    /// <summary>Adds all of it.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(Request.Number);
        hash.Add(Asker?.Index ?? -1);
        hash.Add(Ticket.Batch);
    }
}
