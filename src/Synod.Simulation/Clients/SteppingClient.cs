using System.Buffers.Binary;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>Calls of several steps over one client: whoever waits goes on in the event that ends
/// the waiting, on the thread of the run.</summary>
internal sealed class SteppingClient(World world, SimulatedClient client, IMachineCodec codec)
    : IWorkloadClient
{
    private readonly Dictionary<Type, object> _kept = [];

    public Instant Now => world.Now;

    public required TimeSpan CallTimeout { get; init; }

    /// <summary>Begins a call; the end is told.</summary>
    public void Run(
        Func<IWorkloadClient, Task<WorkloadEnd>> steps, Action<WorkloadEnd> ended) =>
        _ = RunAsync(steps, ended);

    public T Kept<T>(Func<IWorkloadClient, T> make)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        if (!_kept.TryGetValue(typeof(T), out object? kept))
            _kept[typeof(T)] = kept = make(this);
        return (T)kept;
    }

    public Task<Outcome<TResult>> ExecuteAsync<TResult>(
        string key, ICommand<TResult> command, TimeSpan limit) =>
        AskAsync<TResult>(new CallTerms(RequestKind.Command) { Limit = limit }, key, command);

    public Task<Outcome<TAnswer>> QueryAsync<TAnswer>(
        string key, IQuery<TAnswer> query, TimeSpan limit) =>
        AskAsync<TAnswer>(new CallTerms(RequestKind.Query) { Limit = limit }, key, query);

    public IReadOnlyList<Task<ReplicaStatus?>> StatusOfEach(TimeSpan limit) =>
        [.. Enumerable.Range(0, client.Nodes).Select(node => StatusAsync(
            new CallTerms(RequestKind.Status) { Limit = limit, Node = node }))];

    public Task PauseAsync(TimeSpan time)
    {
        TaskCompletionSource<bool> waiting = new();
        world.Schedule.After(time, () => GoOn(waiting, true));
        return waiting.Task;
    }

    // What ends without a word would be a call that never ends.
    private async Task RunAsync(
        Func<IWorkloadClient, Task<WorkloadEnd>> steps, Action<WorkloadEnd> ended)
    {
        try
        {
            WorkloadEnd end = await steps(this).ConfigureAwait(false);
            world.Schedule.After(TimeSpan.Zero, () => ended(end));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _ = world.Violated($"a call in steps fails: {failure}");
        }
    }

    private async Task<Outcome<T>> AskAsync<T>(CallTerms terms, string key, object request)
    {
        (ResponseKind kind, byte[] bytes) =
            await CallAsync(terms, key, request).ConfigureAwait(false);
        return kind switch
        {
            ResponseKind.Applied => new Outcome<T>.Applied(codec.Decode<T>(request, bytes)),
            ResponseKind.Refused => new Outcome<T>.Refused(Encoding.UTF8.GetString(bytes)),
            ResponseKind.NoQuorum => new Outcome<T>.NoQuorum(),
            ResponseKind.NotLeader => new Outcome<T>.NotLeader(LeaderIn(bytes)),
            ResponseKind.Unavailable =>
                new Outcome<T>.Unavailable(Encoding.UTF8.GetString(bytes)),
            ResponseKind.Overloaded => new Outcome<T>.Overloaded(TimeSpan.Zero),
            ResponseKind.StorageFull => new Outcome<T>.StorageFull(),
            ResponseKind.TooLarge => new Outcome<T>.TooLarge(),
            ResponseKind.NotAllowed => new Outcome<T>.NotAllowed(Encoding.UTF8.GetString(bytes)),
            ResponseKind.Malformed => new Outcome<T>.Malformed(Encoding.UTF8.GetString(bytes)),
            ResponseKind.Unknown => new Outcome<T>.Unknown(),
            ResponseKind.OutOfOrder => new Outcome<T>.Unknown(),
            ResponseKind.Superseded => new Outcome<T>.Unknown(),
            ResponseKind.Watched => new Outcome<T>.Unknown(),
            ResponseKind.WatchEnded => new Outcome<T>.Unknown(),
            ResponseKind.Committed => new Outcome<T>.Unknown(),
        };
    }

    private static NodeId? LeaderIn(byte[] bytes) => bytes.Length == sizeof(uint)
        ? new NodeId(BinaryPrimitives.ReadUInt32LittleEndian(bytes))
        : null;

    private async Task<ReplicaStatus?> StatusAsync(CallTerms terms)
    {
        (ResponseKind kind, byte[] bytes) = await CallAsync(terms, "", null).ConfigureAwait(false);
        if (kind != ResponseKind.Applied)
            return null;

        FrameReader reader = new(bytes);
        return ReplicaStatus.ReadFrom(ref reader);
    }

    private Task<(ResponseKind Kind, byte[] Bytes)> CallAsync(
        CallTerms terms, string key, object? request)
    {
        TaskCompletionSource<(ResponseKind Kind, byte[] Bytes)> waiting = new();
        client.Ask(terms, key, request, (kind, bytes) => GoOn(waiting, (kind, bytes)));
        return waiting.Task;
    }

    // Within this call, and not on a thread of the pool: nothing here has a context to go back to.
    private static void GoOn<T>(TaskCompletionSource<T> waiting, T result)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            waiting.SetResult(result);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
