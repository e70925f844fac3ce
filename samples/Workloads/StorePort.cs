using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Simulation;

namespace Synod.Samples.Workloads;

/// <summary>The write-once store over a client of a run.</summary>
internal sealed class StorePort(IWorkloadClient client) : IRegisterPort
{
    public Instant Now => client.Now;

    public TimeSpan CallTimeout => client.CallTimeout;

    public Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key,
        ICommand<WriteOnceEntry> command,
        TimeSpan limit,
        CancellationToken cancellation = default) => client.ExecuteAsync(key, command, limit);

    public Task<Outcome<WriteOnceEntry>> QueryAsync(
        string key, TimeSpan limit, CancellationToken cancellation = default) =>
        client.QueryAsync(key, new GetOnce(), limit);

    public IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(
        TimeSpan limit, CancellationToken cancellation = default) => client.StatusOfEach(limit);

    public Task PauseAsync(TimeSpan time, CancellationToken cancellation = default) =>
        client.PauseAsync(time);
}
