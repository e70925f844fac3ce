using Synod.Abstractions;
using Synod.Adapters.Tests.Runtime;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Store;

/// <summary>The store over a client in virtual time: whoever waits goes on within
/// <see cref="Pump"/>, on the one thread of the test.</summary>
internal sealed class TestRegisterPort(TestCluster cluster, TestClient client) : IRegisterPort
{
    private readonly List<(long Call, TaskCompletionSource<ClientAnswer> Waiting)> _calls = [];

    public Instant Now => cluster.Now;

    public TimeSpan Timeout => new ClientCoreOptions().Timeout;

    /// <summary>Stands before each command and query, by its key.</summary>
    public Action<string, object> Before { get; set; } = static (_, _) => { };

    public Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key, ICommand<WriteOnceEntry> command, CallBudget budget) =>
        AskAsync(RequestKind.Command, key, command, budget);

    public Task<Outcome<WriteOnceEntry>> QueryAsync(string key, CallBudget budget) =>
        AskAsync(RequestKind.Query, key, new GetOnce(), budget);

    public IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(CallBudget budget) =>
        [.. Enumerable.Range(0, cluster.Nodes.Length).Select(node => StatusAsync(node, budget))];

    /// <summary>Answers those whose calls have ended.</summary>
    public void Pump()
    {
        foreach ((long call, TaskCompletionSource<ClientAnswer> waiting) in _calls.ToArray())
        {
            if (!client.TryTake(call, out ResponseKind kind, out byte[] bytes))
                continue;

            _calls.Remove((call, waiting));
            waiting.SetResult(new ClientAnswer(kind, bytes));
        }
    }

    private async Task<Outcome<WriteOnceEntry>> AskAsync(
        RequestKind kind, string key, object request, CallBudget budget)
    {
        Before(key, request);
        CallTerms terms = new(kind) { Limit = budget.Left(Now) };
        ClientAnswer answer = await CallAsync(terms, key, request);
        return SynodClient.ToOutcome(answer, request, static (asked, bytes) =>
            new WriteOnce().Decode<WriteOnceEntry>(asked, bytes));
    }

    private async Task<ReplicaStatus?> StatusAsync(int node, CallBudget budget)
    {
        CallTerms terms = new(RequestKind.Status) { Limit = budget.Left(Now), Node = node };
        ClientAnswer answer = await CallAsync(terms, "", null);
        if (answer.Kind != ResponseKind.Applied)
            return null;

        FrameReader reader = new(answer.Bytes);
        return ReplicaStatus.ReadFrom(ref reader);
    }

    private Task<ClientAnswer> CallAsync(CallTerms terms, string key, object? request)
    {
        TaskCompletionSource<ClientAnswer> waiting = new();
        _calls.Add((client.Submit(terms, key, request), waiting));
        return waiting.Task;
    }
}
