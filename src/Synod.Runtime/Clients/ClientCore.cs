using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The client as a function of its inputs: finds the leader, tries again with the same
/// identity, and never says "not done" of what may have been done. It has an implicit session.
/// Owned by one thread at a time.</summary>
public sealed partial class ClientCore
{
    private const int BusyTries = 10;
    private const ulong FirstTry = 0x7472_7921;

    private readonly ClientCoreOptions _options;
    private readonly IClientPort _port;
    private readonly SeededRandom _random;
    private readonly SessionId _session;
    private readonly NodeId?[] _nodes;
    private readonly Instant[] _served;
    private readonly Dictionary<long, ClientCall> _tries = [];
    private readonly Dictionary<long, ClientCall> _calls = [];
    private readonly KeyOrders _orders;
    private readonly FrameBuffer _frame = new(1024);
    private readonly int _first;
    private int? _leader;
    private int? _guess;
    private long _pendingBytes;
    private long _lastTry;
    private long _lastCall;
    private long _lastSequence;

    /// <summary>A client that is connected to nobody yet.</summary>
    /// <param name="options">How it waits.</param>
    /// <param name="nodes">How many nodes it can be connected to.</param>
    /// <param name="seed">Where its randomness and the name of its session come from; no two
    /// clients may have the same.</param>
    /// <param name="port">Its surroundings.</param>
    public ClientCore(ClientCoreOptions options, int nodes, ulong seed, IClientPort port)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.Nearest ?? 0, nodes);
        _options = options;
        _port = port;
        _random = new SeededRandom(seed);
        _session = new SessionId(0, _random.NextBits());

        // Answers that another client over the same connections is owed are not mistaken for ours.
        _lastTry = (long)(StableHash.Combine(seed, FirstTry) >> 2);
        _orders = new KeyOrders(options.KeptKeysBytesMax);
        _nodes = new NodeId?[nodes];
        _renewals = new Renewal?[nodes];
        _served = new Instant[nodes];
        _distances = new TimeSpan[nodes];
        _warm = new Instant[nodes];
        _pauses = new TimeSpan[nodes];
        _askAt = new Instant[nodes];
        _met = new NodeId[nodes];
        _byNumber = [.. Enumerable.Range(0, nodes)];
        _first = (int)_random.Below(nodes);
    }

    /// <summary>The number that the next call will have.</summary>
    public long NextCall => _lastCall + 1;

    /// <summary>When to call <see cref="Wake"/>: never too late, at times too early.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Begins a call.</summary>
    /// <param name="now">The time.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="key">The key; ignored for a status and a transfer.</param>
    /// <param name="body">The command or query, for the machine; of a transfer the
    /// <see cref="TransferRequest"/>.</param>
    /// <returns>The number by which it will be completed, or was already, as overloaded.</returns>
    public long Submit(
        Instant now, RequestKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> body) =>
        Submit(now, new CallTerms(kind), key, body);

    /// <summary>The same, on other terms.</summary>
    public long Submit(
        Instant now, in CallTerms terms, ReadOnlySpan<byte> key, ReadOnlySpan<byte> body)
    {
        bool isCommand = terms.Kind is RequestKind.Command or RequestKind.StepwiseCommand;
        TimeSpan limit = terms.Limit ?? _options.Timeout;
        Instant deadline = limit == Timeout.InfiniteTimeSpan ? Instant.Never : now + limit;
        ClientCall call = new(++_lastCall, terms.Kind, deadline)
        {
            Begun = now,
            Target = terms.Node,
            WaitsForQuorum = terms.Limit is not null,
            Key = key.ToArray(),
            Body = body.ToArray(),
            Sequence = isCommand ? ++_lastSequence : 0,
            BackOff = _options.BackOffMin,
        };
        if (_pendingBytes > 0 && _pendingBytes + call.Weight > _options.PendingBytesMax)
        {
            _port.Completed(call.Number, ResponseKind.Overloaded, default);
            return call.Number;
        }

        _calls.Add(call.Number, call);
        _pendingBytes += call.Weight;
        if (isCommand)
            _orders.Add(call);
        Try(now, call);
        return call.Number;
    }

    /// <summary>A call is given up before its time: it ends now, if it has not ended.</summary>
    public void GiveUp(Instant now, long number)
    {
        if (_calls.TryGetValue(number, out ClientCall? call))
            GiveUp(now, call);
    }

    /// <summary>A node is connected and has said who it is.</summary>
    /// <param name="now">The time.</param>
    /// <param name="node">Its position.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="distance">How long a message and its answer took.</param>
    public void Connected(Instant now, int node, NodeId identity, TimeSpan distance)
    {
        _nodes[node] = identity;
        _warm[node] = _met[node] == default ? now : now + WarmAfter;
        Meet(node, identity);
        _distances[node] = distance;
        _pauses[node] = TimeSpan.Zero;
        _lacking.Remove(node);
        foreach (ClientCall call in InOrder())
        {
            if (call is { Node: null, IsBehind: false })
                Try(now, call);
        }

        BeginWatches(now);
    }

    /// <summary>The connection to a node is lost, and with it the answers that were on their
    /// way.</summary>
    public void Disconnected(Instant now, int node)
    {
        _nodes[node] = null;
        Forget(now, node);
        foreach (ClientCall call in InOrder().Where(call => call.Node == node).ToArray())
        {
            Lose(call);
            Try(now, call);
        }

        LoseWatches(now, node);
    }

    /// <summary>The time asked for has come, or any other.</summary>
    public void Wake(Instant now)
    {
        if (now < WakeAt)
            return;

        WakeAt = Instant.Never;
        bool isAnyDue = false;
        foreach (ClientCall call in InOrder())
            isAnyDue |= IsDue(now, call);

        // Those that wait go together: for each alone there would be more frames.
        foreach (ClientCall call in InOrder())
        {
            if (isAnyDue && call is { Node: null, IsBehind: false })
                TryAnew(now, call);
            else
                Expect(call);
        }

        WakeWatches(now);
    }

    // A silent node may have done it; the next one is asked with the same identity.
    private bool IsDue(Instant now, ClientCall call)
    {
        if (now >= call.Deadline)
        {
            GiveUp(now, call);
            return false;
        }

        if (now < call.Due)
            return false;

        if (call.Node is int busy && IsBusy(now, call, busy))
            return false;

        if (call.Node is int silent)
        {
            Lose(call);
            Forget(now, silent);
            LeaveAlone(now, silent);
        }

        return true;
    }

    // A node that serves other calls is not silent, it has much to do: to ask again would give it
    // more. What needs no majority shows nothing, and no call waits for ever for others' sake.
    private bool IsBusy(Instant now, ClientCall call, int node)
    {
        Instant silent = _served[node] + _options.TryTimeout;
        Instant patience = call.Tried + new TimeSpan(BusyTries * _options.TryTimeout.Ticks);
        call.Due = silent < patience ? silent : patience;
        return now < call.Due;
    }

    // As they were begun; a table has them in any order. What has ended meanwhile is among them.
    private ClientCall[] InOrder()
    {
        ClientCall[] calls = [.. _calls.Values];
        Array.Sort(calls, static (left, right) => left.Number.CompareTo(right.Number));
        return calls;
    }

    private void TryAnew(Instant now, ClientCall call)
    {
        call.HasHopped = false;
        Try(now, call);
    }

    private void Expect(ClientCall call)
    {
        Expect(call.Due < call.Deadline ? call.Due : call.Deadline);
    }

    private void Expect(Instant due) => WakeAt = due < WakeAt ? due : WakeAt;

    private void Wait(Instant now, ClientCall call)
    {
        call.IsBehind = call.Before is not null;
        call.Due = call.IsBehind ? Instant.Never : now + NextBackOff(call);
        Expect(call);
    }

    private void Try(Instant now, ClientCall call)
    {
        // Nothing tells whether it was done, and to do it again is something else.
        if (call is { Kind: RequestKind.Transfer, MayHaveHappened: true })
            Complete(now, call, ResponseKind.Unknown, default);
        else if (TrySend(now, call))
            SendBehind(now, call);
    }

    private void SendBehind(Instant now, ClientCall call)
    {
        ClientCall? behind = call.Behind;
        while (behind is { IsBehind: true } && TrySend(now, behind))
            behind = behind.Behind;
    }

    private bool TrySend(Instant now, ClientCall call)
    {
        int? node = call.Before is ClientCall before ? NodeBehind(before) : ChooseNode(now, call);
        bool isSent = node is int found && Send(now, call, found);
        if (!isSent)
            Wait(now, call);
        return isSent;
    }

    // False if the connection has no room: as if it had not been tried.
    private bool Send(Instant now, ClientCall call, int node)
    {
        call.IsBehind = false;
        call.HasHopped &= call.Before is null;
        call.Node = node;
        call.Tried = now;
        call.Try = ++_lastTry;
        call.Due = now + _options.TryTimeout;
        Expect(call);
        _tries.Add(call.Try, call);
        _frame.Clear();
        new RequestHead(call.Try, _options.Group, call.Kind).WriteTo(_frame);
        WriteBody(call);
        if (_port.Send(node, _frame.Written))
            return true;

        EndTry(call);
        return false;
    }

    private void WriteBody(ClientCall call)
    {
        if (call.Kind == RequestKind.Status)
            return;

        if (call.Order is KeyOrder order)
        {
            WriteCommand(call, order);
            return;
        }

        if (call.Kind != RequestKind.Transfer)
            _frame.WriteSized(call.Key);
        _frame.WriteBytes(call.Body);
    }

    private void WriteCommand(ClientCall call, KeyOrder order)
    {
        call.SentPrevious = order.PreviousOf(call.Sequence);
        call.IsNext = order.IsNext(call.Sequence);
        new Envelope
        {
            Identity = new CommandIdentity(_session, call.Sequence, call.SentPrevious),
            Acknowledged = order.Acknowledged(call.Sequence),
            Key = call.Key,
            Command = call.Body,
        }.WriteTo(_frame);
    }

    private void Lose(ClientCall call)
    {
        EndTry(call);
        call.MayHaveHappened = true;
        call.IsTurnedAway = true;
    }

    private void EndTry(ClientCall call)
    {
        _tries.Remove(call.Try);
        call.Node = null;
    }

    private TimeSpan NextBackOff(ClientCall call)
    {
        TimeSpan wait = call.BackOff + _random.Below(call.BackOff);
        call.BackOff = call.BackOff * 2 < _options.BackOffMax
            ? call.BackOff * 2
            : _options.BackOffMax;
        return wait;
    }
}
