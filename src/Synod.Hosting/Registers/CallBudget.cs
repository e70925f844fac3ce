using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>The time of a call to the store, for all that it asks the cluster.</summary>
/// <param name="Deadline">When it is over; never, if the caller waits until it succeeds.</param>
/// <param name="Cancellation">Ends the waiting.</param>
internal readonly record struct CallBudget(Instant Deadline, CancellationToken Cancellation)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(3650);

    public static CallBudget Of(RegisterCall call, IRegisterPort port, CancellationToken token)
    {
        TimeSpan? limit = call.NoQuorum == NoQuorumPolicy.Wait
            ? call.TimeLimit
            : call.TimeLimit ?? port.Timeout;
        bool isEndless = limit is null || limit == Timeout.InfiniteTimeSpan || limit > Most;
        Instant deadline = isEndless ? Instant.Never : port.Now + limit.GetValueOrDefault();
        return new CallBudget(deadline, token);
    }

    /// <summary>What is left of it, as the client takes it.</summary>
    public TimeSpan Left(Instant now)
    {
        if (Deadline == Instant.Never)
            return Timeout.InfiniteTimeSpan;

        TimeSpan left = Deadline - now;
        return left > Least ? left : Least;
    }

    /// <summary>The same, but over after a time.</summary>
    public CallBudget AtMost(TimeSpan time, Instant now) =>
        this with { Deadline = Instant.Earlier(Deadline, now + time) };
}
