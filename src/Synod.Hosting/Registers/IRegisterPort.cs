using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>What the store needs of a client. The real one is <see cref="ClientRegisterPort"/>;
/// tests have one in virtual time.</summary>
internal interface IRegisterPort
{
    /// <summary>The monotonic clock of the client.</summary>
    Instant Now { get; }

    /// <summary>How long a call may take if nobody says otherwise.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Runs a command on a key, once.</summary>
    Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key, ICommand<WriteOnceEntry> command, CallBudget budget);

    /// <summary>Asks a majority for the state of a key.</summary>
    Task<Outcome<WriteOnceEntry>> QueryAsync(string key, CallBudget budget);

    /// <summary>Asks each node for its status; null where none comes in time.</summary>
    IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(CallBudget budget);
}
