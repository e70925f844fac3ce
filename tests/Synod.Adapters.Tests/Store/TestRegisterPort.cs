using System.Text;
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
    private readonly List<(long Call, TaskCompletionSource<Answer> Waiting)> _calls = [];
    private readonly List<(Instant End, TaskCompletionSource Waiting)> _pauses = [];

    public Instant Now => cluster.Now;

    public TimeSpan CallTimeout => new ClientCoreOptions().Timeout;

    /// <summary>Stands before each command and query, by its key.</summary>
    public Action<string, object> Before { get; set; } = static (_, _) => { };

    /// <summary>What a command or a query is answered without being sent; null sends it.</summary>
    public Func<string, object, Outcome<WriteOnceEntry>?> Instead { get; set; } =
        static (_, _) => null;

    /// <summary>What ends the last question for the status of each node.</summary>
    public CancellationToken LastAsked { get; private set; }

    /// <summary>How long the status of a node is on its way back; null: it never comes.</summary>
    public TimeSpan? StatusDelay { get; set; } = TimeSpan.Zero;

    public Task<Outcome<WriteOnceEntry>> ExecuteAsync(
        string key,
        ICommand<WriteOnceEntry> command,
        TimeSpan limit,
        CancellationToken cancellation = default) =>
        AskAsync(new CallTerms(RequestKind.Command) { Limit = limit }, key, command);

    public Task<Outcome<WriteOnceEntry>> QueryAsync(
        string key, TimeSpan limit, CancellationToken cancellation = default) =>
        AskAsync(new CallTerms(RequestKind.Query) { Limit = limit }, key, new GetOnce());

    public IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(
        TimeSpan limit, CancellationToken cancellation = default)
    {
        LastAsked = cancellation;
        return [.. Enumerable.Range(0, cluster.Nodes.Length).Select(node => StatusAsync(
            new CallTerms(RequestKind.Status) { Limit = limit, Node = node }))];
    }

    public Task PauseAsync(TimeSpan time, CancellationToken cancellation = default)
    {
        TaskCompletionSource waiting = new();
        _pauses.Add((Now + time, waiting));
        return waiting.Task;
    }

    /// <summary>Answers those whose calls have ended.</summary>
    public void Pump()
    {
        foreach ((long call, TaskCompletionSource<Answer> waiting) in _calls.ToArray())
        {
            if (!client.TryTake(call, out ResponseKind kind, out byte[] bytes))
                continue;

            _calls.Remove((call, waiting));
            waiting.SetResult(new Answer(kind, bytes));
        }

        foreach ((Instant end, TaskCompletionSource waiting) in _pauses.ToArray())
        {
            if (end > Now)
                continue;

            _pauses.Remove((end, waiting));
            waiting.SetResult();
        }
    }

    private async Task<Outcome<WriteOnceEntry>> AskAsync(
        CallTerms terms, string key, object request)
    {
        Before(key, request);
        if (Instead(key, request) is Outcome<WriteOnceEntry> instead)
            return instead;

        Answer answer = await CallAsync(terms, key, request);
        return answer.Kind switch
        {
            ResponseKind.Applied => new Outcome<WriteOnceEntry>.Applied(
                new WriteOnce().Decode<WriteOnceEntry>(request, answer.Bytes)),
            ResponseKind.Refused =>
                new Outcome<WriteOnceEntry>.Refused(Encoding.UTF8.GetString(answer.Bytes)),
            ResponseKind.NoQuorum => new Outcome<WriteOnceEntry>.NoQuorum(),
            ResponseKind.NotLeader => new Outcome<WriteOnceEntry>.NotLeader(null),
            ResponseKind.Unavailable =>
                new Outcome<WriteOnceEntry>.Unavailable(Encoding.UTF8.GetString(answer.Bytes)),
            _ => new Outcome<WriteOnceEntry>.Unknown(),
        };
    }

    private async Task<ReplicaStatus?> StatusAsync(CallTerms terms)
    {
        Answer answer = await CallAsync(terms, "", null);
        if (StatusDelay is TimeSpan delay && delay > TimeSpan.Zero)
            await PauseAsync(delay);
        if (answer.Kind != ResponseKind.Applied || StatusDelay is null)
            return null;

        FrameReader reader = new(answer.Bytes);
        return ReplicaStatus.ReadFrom(ref reader);
    }

    private Task<Answer> CallAsync(CallTerms terms, string key, object? request)
    {
        TaskCompletionSource<Answer> waiting = new();
        _calls.Add((client.Submit(terms, key, request), waiting));
        return waiting.Task;
    }

    private sealed record Answer(ResponseKind Kind, byte[] Bytes);
}
