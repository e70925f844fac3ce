using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>What a call that takes several steps asks of the cluster, in virtual time. Whoever
/// waits goes on within the run: code that awaits nothing but these tasks, and takes neither
/// randomness nor time from elsewhere, is as repeatable as the run.</summary>
public interface IWorkloadClient
{
    /// <summary>The monotonic clock of the client.</summary>
    Instant Now { get; }

    /// <summary>How long a step may take if nobody says otherwise.</summary>
    TimeSpan CallTimeout { get; }

    /// <summary>What this client has made of a kind: it is made once for each client.</summary>
    T Kept<T>(Func<IWorkloadClient, T> make)
        where T : class;

    /// <summary>Runs a command on a key, once.</summary>
    Task<Outcome<TResult>> ExecuteAsync<TResult>(
        string key, ICommand<TResult> command, TimeSpan limit);

    /// <summary>A linearizable query of a key.</summary>
    Task<Outcome<TAnswer>> QueryAsync<TAnswer>(
        string key, IQuery<TAnswer> query, TimeSpan limit);

    /// <summary>Asks each node for its status; null where none comes in time.</summary>
    IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(TimeSpan limit);

    /// <summary>Returns when that time is over.</summary>
    Task PauseAsync(TimeSpan time);
}
