using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>The store over a real client.</summary>
internal sealed class ClientRegisterPort(SynodClient client) : IRegisterPort
{
    public Instant Now => client.Now;

    public TimeSpan Timeout => client.CallTimeout;

    public Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key, ICommand<WriteOnceEntry> command, CallBudget budget) =>
        AskAsync(RequestKind.Command, key, command, budget);

    public Task<Outcome<WriteOnceEntry>> QueryAsync(string key, CallBudget budget) =>
        AskAsync(RequestKind.Query, key, new GetOnce(), budget);

    public IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(CallBudget budget) =>
        client.StatusOfEachAsync(budget.Left(Now), budget.Cancellation);

    private Task<Outcome<WriteOnceEntry>> AskAsync(
        RequestKind kind, string key, object request, CallBudget budget) =>
        client.AskAsync<WriteOnceEntry>(
            new CallTerms(kind) { Limit = budget.Left(Now) }, key, request, budget.Cancellation);
}
