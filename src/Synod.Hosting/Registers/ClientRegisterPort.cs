using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>The store over a real client.</summary>
internal sealed class ClientRegisterPort(SynodClient client) : IRegisterPort
{
    public Instant Now => client.Now;

    public TimeSpan CallTimeout => client.CallTimeout;

    public Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key,
        ICommand<WriteOnceEntry> command,
        TimeSpan limit,
        CancellationToken cancellation = default) => client.AskAsync<WriteOnceEntry>(
            new CallTerms(RequestKind.Command) { Limit = limit }, key, command, cancellation);

    public Task<Outcome<WriteOnceEntry>> QueryAsync(
        string key, TimeSpan limit, CancellationToken cancellation = default) =>
        client.AskAsync<WriteOnceEntry>(
            new CallTerms(RequestKind.Query) { Limit = limit }, key, new GetOnce(), cancellation);

    public IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(
        TimeSpan limit, CancellationToken cancellation = default) =>
        client.StatusOfEachAsync(limit, cancellation);

    public Task PauseAsync(TimeSpan time, CancellationToken cancellation = default) =>
        Task.Delay(time, TimeProvider.System, cancellation);
}
