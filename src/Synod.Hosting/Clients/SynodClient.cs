using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>A client of one group of a cluster: finds the leader, follows it, and tries again with
/// the same identity, so that a command is applied at most once however often it is sent. Many
/// calls may be under way at once; safe for use from several threads.</summary>
public sealed partial class SynodClient : IClientPort, IAsyncDisposable
{
    // No group can allow more: its frames and records would have no room for it.
    private const int RequestBytesMax = 8 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, WaitingCall> _waiting = [];
    private readonly IMachineCodec _machine;
    private readonly ClientCore _core;
    private readonly SynodClientOptions _options;
    private readonly ClientLinks _links;
    private readonly bool _ownsLinks;
    private readonly ITimer _timer;
    private readonly long _origin = TimeProvider.System.GetTimestamp();
    private readonly FrameBuffer _body = new();
    private Instant _timerDue = Instant.Never;
    private bool _isDisposed;

    /// <summary>A client that begins to connect at once.</summary>
    /// <exception cref="ArgumentException">There is no node, or an option is out of its range, or
    /// the certificates cannot be used.</exception>
    /// <exception cref="FormatException">An address is not host:port.</exception>
    public SynodClient(SynodClientOptions options, IMachineCodec machine)
        : this(options, machine, null)
    {
    }

    private SynodClient(SynodClientOptions options, IMachineCodec machine, ClientLinks? shared)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machine);
        options.Tls?.Validate();
        ulong seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _options = options;
        _machine = machine;
        _core = new ClientCore(options.Retries, options.Nodes.Count, seed, this);
        _timer = TimeProvider.System.CreateTimer(
            _ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ownsLinks = shared is null;
        _links = shared ?? new ClientLinks(options);
        _links.Add(options.Retries.Group, this);
    }

    /// <summary>The group it speaks to.</summary>
    public GroupId Group => _options.Retries.Group;

    /// <summary>Which node could not be reached or has closed the connection, and why, the last
    /// time that happened; empty if it never did.</summary>
    public string LastTrouble => _links.LastTrouble;

    internal TimeSpan CallTimeout => _options.Retries.Timeout;

    internal Instant Now => new(TimeProvider.System.GetElapsedTime(_origin).Ticks);

    /// <summary>A client of another group of the same cluster over the connections of this one,
    /// which close when this one is disposed of. It has a session of its own.</summary>
    /// <param name="group">The group, of which these connections have no client.</param>
    /// <param name="machine">Knows the commands of the group's machine.</param>
    /// <exception cref="ArgumentException">The group has a client over these
    /// connections.</exception>
    public SynodClient ForGroup(GroupId group, IMachineCodec machine)
    {
        SynodClientOptions options =
            _options with { Retries = _options.Retries with { Group = group } };
        return new SynodClient(options, machine, _links);
    }

    /// <summary>Runs a command on a key, once.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer waits: whether the command
    /// takes effect is unknown.</exception>
    public Task<Outcome<TResult>> ExecuteAsync<TResult>(
        string key, ICommand<TResult> command, CancellationToken cancellation = default) =>
        AskAsync<TResult>(new CallTerms(RequestKind.Command), key, command, cancellation);

    /// <summary>Sends a command on a key, which runs once, and goes on at once. Whoever wants to
    /// know may await what it returns: when the command is committed, and when it has run. What
    /// nobody awaits is tried again all the same until its time is over.</summary>
    /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
    public CastCommand<TResult> CastAsync<TResult>(string key, ICommand<TResult> command)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(command);
        (_, WaitingCall waiting) =
            Begin(new CallTerms(RequestKind.StepwiseCommand), key, command);
        return new CastCommand<TResult>(
            waiting.Committed, OutcomeOfAsync<TResult>(waiting.Ended, command));
    }

    /// <summary>Asks about a key: the answer reflects every command that was answered before the
    /// call began.</summary>
    public Task<Outcome<TAnswer>> QueryAsync<TAnswer>(
        string key, IQuery<TAnswer> query, CancellationToken cancellation = default) =>
        AskAsync<TAnswer>(new CallTerms(RequestKind.Query), key, query, cancellation);

    /// <summary>The same, answered by the nearest node (<see cref="ClientCoreOptions.Nearest"/>)
    /// whether it leads or not: the answer reflects every command that was answered before the call
    /// began. It costs that node a question to the leader, one for all queries that wait; the
    /// leader is spared the work.</summary>
    public Task<Outcome<TAnswer>> QueryNearAsync<TAnswer>(
        string key, IQuery<TAnswer> query, CancellationToken cancellation = default) =>
        AskAsync<TAnswer>(new CallTerms(RequestKind.NearQuery), key, query, cancellation);

    /// <summary>Asks whichever node is connected about a key: the answer may be old, and comes even
    /// when no majority is there.</summary>
    public Task<Outcome<TAnswer>> QueryLocalAsync<TAnswer>(
        string key, IQuery<TAnswer> query, CancellationToken cancellation = default) =>
        AskAsync<TAnswer>(new CallTerms(RequestKind.LocalQuery), key, query, cancellation);

    /// <summary>The status of whichever node answers; null if none does in time.</summary>
    public async Task<ReplicaStatus?> StatusAsync(CancellationToken cancellation = default)
    {
        CallTerms terms = new(RequestKind.Status);
        return await StatusAsync(terms, cancellation).ConfigureAwait(false);
    }

    /// <summary>The status of each node of <see cref="SynodClientOptions.Nodes"/>, in their order;
    /// null where a node does not answer in time.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<ReplicaStatus?>[] StatusOfEachAsync(
        TimeSpan limit, CancellationToken cancellation = default) =>
        [.. Enumerable.Range(0, _options.Nodes.Count).Select(node => StatusAsync(
            new CallTerms(RequestKind.Status) { Limit = limit, Node = node }, cancellation))];

    /// <summary>Moves leadership to another node and waits for the outcome: about two round trips,
    /// at most some election timeouts. Meanwhile commands are refused and tried again by their
    /// callers. A later call takes the place of an earlier one.</summary>
    /// <param name="target">Which node is to lead; null leaves the choice to the leader.</param>
    /// <param name="cancellation">Ends the waiting, not the transfer.</param>
    public Task<Outcome<TransferAnswer>> TransferLeadershipAsync(
        NodeId? target = null, CancellationToken cancellation = default) =>
        TransferAsync(new TransferRequest(target, IsCancel: false), cancellation);

    /// <summary>Ends a transfer that is under way: when it is answered, the leader asks nobody any
    /// more, and a majority knows. A target that had begun to campaign by then may still
    /// win.</summary>
    public Task<Outcome<TransferAnswer>> CancelTransferAsync(
        CancellationToken cancellation = default) =>
        TransferAsync(new TransferRequest(null, IsCancel: true), cancellation);

    /// <summary>Closes the connections, if they are its own. Calls that are under way end as
    /// cancelled.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (WaitingCall waiting in _waiting.Values)
                waiting.Cancel();
            _waiting.Clear();
            foreach (Watching watching in _watching.Values)
            {
                watching.Cancel();
                _core.EndWatch(watching.Number);
            }

            _watching.Clear();
        }

        _links.Remove(Group, this);
        if (_ownsLinks)
            _links.Dispose();
        return _timer.DisposeAsync();
    }

    bool IClientPort.Send(int node, ReadOnlySpan<byte> frame) =>
        _links.Send(node, frame, isAlone: _waiting.Count <= 1);

    void IClientPort.Committed(long number, bool isCertain)
    {
        if (isCertain && _waiting.TryGetValue(number, out WaitingCall? waiting))
            waiting.Commit();
    }

    void IClientPort.Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        if (_waiting.Remove(number, out WaitingCall? waiting))
            waiting.End(new ClientAnswer(kind, bytes.ToArray()));
    }

    internal void Connected(int node, (NodeId Identity, TimeSpan Distance) peer)
    {
        lock (_gate)
        {
            _core.Connected(Now, node, peer.Identity, peer.Distance);
            Arm();
        }
    }

    internal void Disconnected(int node)
    {
        lock (_gate)
        {
            _core.Disconnected(Now, node);
            Arm();
        }
    }

    internal void Received(int node, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _core.Received(Now, node, bytes);
            Arm();
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            _timerDue = Instant.Never;
            _core.Wake(Now);
            Arm();
        }
    }

    internal async Task<Outcome<T>> AskAsync<T>(
        CallTerms terms, string key, object request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using Activity? span = ClientSpans.Begin(terms.Kind);
        ClientAnswer answer =
            await CallAsync(terms, key, request, cancellation).ConfigureAwait(false);
        span.Ended(answer.Kind);
        return ToOutcome<T>(answer, request);
    }

    // Begun by the caller, so that what it does is of its span.
    private async Task<Outcome<T>> OutcomeOfAsync<T>(Task<ClientAnswer> ended, object request)
    {
        using Activity? span = ClientSpans.Begin(RequestKind.StepwiseCommand);
        ClientAnswer answer = await ended.ConfigureAwait(false);
        span.Ended(answer.Kind);
        return ToOutcome<T>(answer, request);
    }

    private Outcome<T> ToOutcome<T>(ClientAnswer answer, object request) => ToOutcome(
        answer,
        (_machine, request),
        static (asked, bytes) => asked._machine.Decode<T>(asked.request, bytes));

    private async Task<ReplicaStatus?> StatusAsync(
        CallTerms terms, CancellationToken cancellation)
    {
        ClientAnswer answer = await CallAsync(terms, "", null, cancellation).ConfigureAwait(false);
        if (answer.Kind != ResponseKind.Applied)
            return null;

        FrameReader reader = new(answer.Bytes);
        ReplicaStatus status = ReplicaStatus.ReadFrom(ref reader);
        return reader.IsComplete ? status : null;
    }

    private async Task<Outcome<TransferAnswer>> TransferAsync(
        TransferRequest request, CancellationToken cancellation)
    {
        CallTerms terms = new(RequestKind.Transfer);
        ClientAnswer answer =
            await CallAsync(terms, "", request, cancellation).ConfigureAwait(false);
        return ToOutcome(answer, request, static (_, bytes) =>
        {
            FrameReader reader = new(bytes);
            return TransferAnswer.ReadFrom(ref reader);
        });
    }

    private Task<ClientAnswer> CallAsync(
        CallTerms terms, string key, object? request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellation.ThrowIfCancellationRequested();
        (long number, WaitingCall waiting) = Begin(terms, key, request);
        return terms.Limit is null
            ? waiting.Ended.WaitAsync(cancellation)
            : WaitAsync(number, waiting.Ended, cancellation);
    }

    // A call with a limit of its own, or without any, may go on for very long, and those behind it
    // on its key with it: it is tried only as long as somebody waits for it.
    private async Task<ClientAnswer> WaitAsync(
        long number, Task<ClientAnswer> answer, CancellationToken cancellation)
    {
        try
        {
            return await answer.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _core.GiveUp(Now, number);
                Arm();
            }

            throw;
        }
    }

    private (long Number, WaitingCall Waiting) Begin(CallTerms terms, string key, object? request)
    {
        WaitingCall waiting = new(terms.Kind);
        long number;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _body.Clear();
            if (request is TransferRequest transfer)
                transfer.WriteTo(_body);
            else if (request is not null)
                _machine.Encode(request, _body);
            int bytes = _body.Length + Encoding.UTF8.GetByteCount(key);
            if (bytes > RequestBytesMax)
            {
                waiting.End(new ClientAnswer(ResponseKind.TooLarge, []));
                return (0, waiting);
            }

            number = _core.NextCall;
            _waiting.Add(number, waiting);
            _core.Submit(Now, terms, Encoding.UTF8.GetBytes(key), _body.Written);
            Arm();
        }

        return (number, waiting);
    }

    // The timer is set only to earlier times; when it is early it is set anew.
    private void Arm()
    {
        Instant due = _core.WakeAt;
        if (_isDisposed || due >= _timerDue)
            return;

        _timerDue = due;
        TimeSpan wait = due - Now;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private static Outcome<T> ToOutcome<T, TAsked>(
        ClientAnswer answer, TAsked asked, Func<TAsked, byte[], T> decode) => answer.Kind switch
        {
            ResponseKind.Applied => new Outcome<T>.Applied(decode(asked, answer.Bytes)),
            ResponseKind.Refused =>
                new Outcome<T>.Refused(Encoding.UTF8.GetString(answer.Bytes)),
            ResponseKind.NotLeader => new Outcome<T>.NotLeader(LeaderOf(answer.Bytes)),
            ResponseKind.NoQuorum => new Outcome<T>.NoQuorum(),
            ResponseKind.Overloaded => new Outcome<T>.Overloaded(TimeSpan.FromMilliseconds(100)),
            ResponseKind.StorageFull => new Outcome<T>.StorageFull(),
            ResponseKind.TooLarge => new Outcome<T>.TooLarge(),
            ResponseKind.NotAllowed =>
                new Outcome<T>.NotAllowed(Encoding.UTF8.GetString(answer.Bytes)),
            ResponseKind.Malformed =>
                new Outcome<T>.Malformed(Encoding.UTF8.GetString(answer.Bytes)),
            ResponseKind.Unavailable =>
                new Outcome<T>.Unavailable(Encoding.UTF8.GetString(answer.Bytes)),
            ResponseKind.Unknown
                or ResponseKind.OutOfOrder
                or ResponseKind.Superseded
                or ResponseKind.Watched
                or ResponseKind.WatchEnded
                or ResponseKind.Committed => new Outcome<T>.Unknown(),
        };

    private static NodeId? LeaderOf(byte[] bytes)
    {
        uint leader = bytes.Length == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            : 0;
        return leader == 0 ? null : new NodeId(leader);
    }
}
