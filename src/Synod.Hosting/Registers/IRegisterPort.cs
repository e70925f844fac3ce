using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>What the write-once store needs of a client: the edge at which tests put it into
/// virtual time. <see cref="Registers"/> over a <see cref="SynodClient"/> brings its own.</summary>
public interface IRegisterPort
{
    /// <summary>The monotonic clock of the client.</summary>
    Instant Now { get; }

    /// <summary>How long a call may take if nobody says otherwise.</summary>
    TimeSpan CallTimeout { get; }

    /// <summary>Runs a command on a key, once.</summary>
    /// <param name="key">The key, with its bucket.</param>
    /// <param name="command">A command of <see cref="WriteOnce"/>.</param>
    /// <param name="limit">How long it may take; <see cref="Timeout.InfiniteTimeSpan"/> for as long
    /// as it is not cancelled.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key,
        ICommand<WriteOnceEntry> command,
        TimeSpan limit,
        CancellationToken cancellation = default);

    /// <summary>Asks a majority for the state of a key.</summary>
    Task<Outcome<WriteOnceEntry>> QueryAsync(
        string key, TimeSpan limit, CancellationToken cancellation = default);

    /// <summary>Asks each node for its status; null where none comes in time.</summary>
    IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(
        TimeSpan limit, CancellationToken cancellation = default);

    /// <summary>Returns when that time is over.</summary>
    Task PauseAsync(TimeSpan time, CancellationToken cancellation = default);
}
