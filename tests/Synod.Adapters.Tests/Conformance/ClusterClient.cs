using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Transport;

namespace Synod.Adapters.Tests.Conformance;

/// <summary>The real client core over the connections of any transport. All that happens to it
/// happens one after the other, in a task of its own.</summary>
internal sealed class ClusterClient : IClientPort, IAsyncDisposable
{
    private static readonly TimeSpan RedialAfter = TimeSpan.FromMilliseconds(20);

    // A machine that is busy may stand still for seconds; whoever is killed closes its connections.
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly Channel<Action> _inputs = Channel.CreateUnbounded<Action>();
    private readonly Dictionary<long, TaskCompletionSource<(ResponseKind, byte[])>> _calls = [];
    private readonly Dictionary<long, ChannelWriter<(long Value, WatchNews News)>> _watches = [];
    private readonly IReadOnlyList<ClusterNode> _nodes;
    private readonly Link?[] _links;
    private readonly IMachineCodec _machine;
    private readonly ClientCore _core;
    private readonly Timer _timer;
    private readonly Task _running;
    private bool _isDisposed;

    public ClusterClient(IReadOnlyList<ClusterNode> nodes, ulong seed, IMachineCodec machine)
    {
        _machine = machine;
        _nodes = nodes;
        _links = new Link?[nodes.Count];
        ClientCoreOptions options =
            new()
            {
                Timeout = CallTimeout,
                QuorumWait = CallTimeout,
                TryTimeout = TryTimeout,
                Nearest = 0,
            };
        _core = new ClientCore(options, nodes.Count, seed, this);
        _timer = new Timer(_ => Post(() => _core.Wake(Now)));
        _running = RunAsync();
        for (int node = 0; node < nodes.Count; node++)
            Dial(node);
    }

    private static Instant Now =>
        new(TimeProvider.System.GetElapsedTime(0).Ticks);

    /// <summary>Adds to a counter.</summary>
    public async Task<long> AddAsync(string key, long amount = 1) =>
        BitConverter.ToInt64(await CallAsync(RequestKind.Command, key, new Add(amount)));

    /// <summary>Reads a counter: by a query, a near one or a local one.</summary>
    public async Task<long> ReadAsync(string key, RequestKind kind = RequestKind.Query) =>
        BitConverter.ToInt64(await CallAsync(kind, key, new GetValue()));

    /// <summary>A command of a machine without keys, and its result.</summary>
    public Task<byte[]> RunAsync(object command) => CallAsync(RequestKind.Command, "", command);

    /// <summary>A query of a machine without keys, and its answer.</summary>
    public Task<byte[]> QueryAsync(object query) => CallAsync(RequestKind.Query, "", query);

    public async Task<ReplicaStatus> StatusAsync()
    {
        FrameReader reader = new(await CallAsync(RequestKind.Status, "", null));
        return ReplicaStatus.ReadFrom(ref reader);
    }

    /// <summary>Moves leadership.</summary>
    public async Task<TransferAnswer> TransferAsync(NodeId target)
    {
        TransferRequest request = new(target, IsCancel: false);
        FrameReader reader = new(await CallAsync(RequestKind.Transfer, "", request));
        return TransferAnswer.ReadFrom(ref reader);
    }

    /// <summary>Watches a counter as long as the client lives.</summary>
    public ChannelReader<(long Value, WatchNews News)> Watch(string key)
    {
        Channel<(long, WatchNews)> told = Channel.CreateUnbounded<(long, WatchNews)>();
        Post(() =>
        {
            FrameBuffer query = new();
            _machine.Encode(new GetValue(), query);
            _watches.Add(_core.NextWatch, told.Writer);
            _core.Watch(Now, Encoding.UTF8.GetBytes(key), query.Written);
        });
        return told.Reader;
    }

    /// <summary>Loses its connections, and the answers on them.</summary>
    public void Reset() => Post(() =>
    {
        foreach (Link? link in _links)
            link?.Connection?.Dispose();
    });

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        _inputs.Writer.Complete();
        await _running;
        await _timer.DisposeAsync();
        foreach (Link? link in _links)
            link?.Connection?.Dispose();
    }

    bool IClientPort.Send(int node, ReadOnlySpan<byte> frame)
    {
        bool isTaken = _links[node]?.Connection?.Send(frame) == true;
        _links[node]?.Connection?.Flush();
        return isTaken;
    }

    void IClientPort.Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        if (_calls.Remove(number, out TaskCompletionSource<(ResponseKind, byte[])>? call))
            call.SetResult((kind, bytes.ToArray()));
    }

    void IClientPort.Watched(in ClientNews news, ReadOnlySpan<byte> answer)
    {
        _core.Use(news.Watch, answer.Length);
        _watches[news.Watch].TryWrite((BitConverter.ToInt64(answer), news.News));
    }

    void IClientPort.WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
        _watches[watch].Complete(new InvalidOperationException($"The watch ended as {kind}."));

    private async Task<byte[]> CallAsync(RequestKind kind, string key, object? request)
    {
        FrameBuffer body = new();
        if (request is TransferRequest transfer)
            transfer.WriteTo(body);
        else if (request is not null)
            _machine.Encode(request, body);
        TaskCompletionSource<(ResponseKind, byte[])> call =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            _calls.Add(_core.NextCall, call);
            _core.Submit(Now, kind, Encoding.UTF8.GetBytes(key), body.Written);
        });
        // A client that has failed fails its calls, and does not leave them waiting.
        await await Task.WhenAny(call.Task, _running)
            .WaitAsync(TestContext.Current.CancellationToken);
        (ResponseKind ended, byte[] bytes) = await call.Task;
        return ended == ResponseKind.Applied
            ? bytes
            : throw new InvalidOperationException(
                $"{kind} ended as {ended}: {Encoding.UTF8.GetString(bytes)}");
    }

    private void Post(Action input) => _inputs.Writer.TryWrite(input);

    private async Task RunAsync()
    {
        await foreach (Action input in _inputs.Reader.ReadAllAsync())
        {
            input();
            if (_core.WakeAt == Instant.Never)
                continue;

            // The clock is read once: it may pass the time between two readings.
            TimeSpan left = _core.WakeAt - Now;
            _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Dial(int node) => Post(() =>
    {
        Link link = new(this, node);
        _links[node] = link;
        link.Connection = _nodes[node].Dial(link);
        link.Connection.Start();
    });

    private sealed class Link(ClusterClient client, int node) : IClientSink
    {
        public IClientConnection? Connection { get; set; }

        public void Connected(in Greeting greeting)
        {
            NodeId identity = greeting.Node.Member.Node;
            client.Post(() => client._core.Connected(Now, node, identity, default));
        }

        public ValueTask Frame(in ReadOnlySequence<byte> frame)
        {
            byte[] bytes = frame.ToArray();
            client.Post(() => client._core.Received(Now, node, bytes));
            return ValueTask.CompletedTask;
        }

        public void Closed(in Closure closure)
        {
            client.Post(() => client._core.Disconnected(Now, node));
            _ = RedialAsync();
        }

        private async Task RedialAsync()
        {
            await Task.Delay(RedialAfter);
            client.Dial(node);
        }
    }
}
