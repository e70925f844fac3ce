using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>The time of a call to the store, for all that it asks the cluster.</summary>
/// <param name="port">Where it asks.</param>
/// <param name="deadline">When it is over; never, if the caller waits until it succeeds.</param>
/// <param name="cancellation">Ends the waiting.</param>
internal sealed class CallBudget(
    IRegisterPort port, Instant deadline, CancellationToken cancellation)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(3650);

    private TimeSpan Left
    {
        get
        {
            if (deadline == Instant.Never)
                return Timeout.InfiniteTimeSpan;

            TimeSpan left = deadline - port.Now;
            return left > Least ? left : Least;
        }
    }

    public static CallBudget Of(
        RegisterCall call, IRegisterPort port, CancellationToken cancellation)
    {
        TimeSpan? limit = call.NoQuorum == NoQuorumPolicy.Wait
            ? call.TimeLimit
            : call.TimeLimit ?? port.CallTimeout;
        bool isEndless = limit is null || limit == Timeout.InfiniteTimeSpan || limit > Most;
        Instant deadline = isEndless ? Instant.Never : port.Now + limit.GetValueOrDefault();
        return new CallBudget(port, deadline, cancellation);
    }

    public Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key, ICommand<WriteOnceEntry> command) =>
        port.ExecuteAsync(key, command, Left, cancellation);

    public Task<Outcome<WriteOnceEntry>> QueryAsync(string key) =>
        port.QueryAsync(key, Left, cancellation);

    /// <summary>The status of each node, within a time at most, and within half of what is left:
    /// nodes that are away leave time for what is done with the answers of the others.</summary>
    public IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(
        TimeSpan atMost, CancellationToken enough)
    {
        TimeSpan left = Left;
        bool isShort = left != Timeout.InfiniteTimeSpan && left / 2 < atMost;
        return port.StatusOfEach(isShort ? left / 2 : atMost, enough);
    }

    /// <summary>Cancelled with the call, or before.</summary>
    public CancellationTokenSource Part() =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>Waits, unless there is no time for that.</summary>
    /// <returns>Whether it has waited.</returns>
    public async Task<bool> PauseAsync(TimeSpan time)
    {
        if (deadline != Instant.Never && port.Now + time >= deadline)
            return false;

        await port.PauseAsync(time, cancellation).ConfigureAwait(false);
        return true;
    }
}
