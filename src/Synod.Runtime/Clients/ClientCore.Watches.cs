using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Watches: each is served by one node at a time, the nearest that can, and goes on at
/// another one where it stopped when that node is lost, restarts or falls silent.</content>
public sealed partial class ClientCore
{
    private readonly SortedDictionary<long, ClientWatch> _watches = [];
    private readonly Dictionary<long, ClientWatch> _watchTries = [];
    private readonly Renewal?[] _renewals;

    /// <summary>The number that the next watch will have.</summary>
    public long NextWatch => NextCall;

    /// <summary>Begins to watch a key: its state is told, and then each change of it, until
    /// <see cref="EndWatch"/>. What is told never goes back.</summary>
    /// <param name="now">The time.</param>
    /// <param name="key">The key.</param>
    /// <param name="query">The query whose answers are wanted, for the machine.</param>
    /// <returns>The number by which it is told of, or has ended already, as overloaded.</returns>
    public long Watch(Instant now, ReadOnlySpan<byte> key, ReadOnlySpan<byte> query)
    {
        ClientWatch watch = new(++_lastCall)
        {
            Key = key.ToArray(),
            Query = query.ToArray(),
            Next = _options.Nearest ?? NearestTo(now) ?? _first,
            BackOff = _options.BackOffMin,
        };
        if (_pendingBytes > 0 && _pendingBytes + watch.Weight > _options.PendingBytesMax)
        {
            _port.WatchEnded(watch.Number, ResponseKind.Overloaded, default);
            return watch.Number;
        }

        // The nearest may be about to be connected.
        watch.Due = now + new TimeSpan(_options.TryTimeout.Ticks / 4);
        watch.WaitsForNearest = _options.Nearest is not null;
        _watches.Add(watch.Number, watch);
        _pendingBytes += watch.Weight;
        Begin(now, watch);
        return watch.Number;
    }

    /// <summary>Ends a watch, if it has not ended.</summary>
    public void EndWatch(long number)
    {
        if (!_watches.TryGetValue(number, out ClientWatch? watch))
            return;

        Leave(watch);
        Remove(watch);
    }

    /// <summary>An event is held no longer: there is room for others.</summary>
    /// <param name="number">The watch; it may have ended.</param>
    /// <param name="answerBytes">How long the answer was.</param>
    public void Use(long number, int answerBytes)
    {
        if (!_watches.TryGetValue(number, out ClientWatch? watch))
            return;

        long bytes = WatchNews.Weight(answerBytes);
        watch.Held -= bytes;
        watch.Used += bytes;
        TellIfDue(watch);
    }

    // A quarter, so that a node that waits for half of the window hears of it.
    private void TellIfDue(ClientWatch watch)
    {
        bool isDue = watch.Used > watch.Told
            && watch.Used - watch.Told >= _options.WatchBytesMax / 4;
        if (isDue && watch is { HasBegun: true, Node: int node })
            Tell(node, 0, [watch]);
    }

    private void Begin(Instant now, ClientWatch watch)
    {
        watch.WaitsForNearest &= _options.Nearest is int named
            && _nodes[named] is null
            && now < watch.Due;
        if (watch.WaitsForNearest)
        {
            Expect(watch.Due);
            return;
        }

        if (Connected(watch.Next) is not int node)
        {
            Wait(now, watch);
            return;
        }

        watch.Node = watch.Next = node;
        watch.Try = ++_lastTry;
        watch.HasBegun = false;
        watch.Used = watch.Told = 0;
        watch.Due = now + _options.TryTimeout;
        Expect(watch.Due);
        _watchTries.Add(watch.Try, watch);
        _frame.Clear();
        new RequestHead(watch.Try, _options.Group, RequestKind.Watch).WriteTo(_frame);
        new WatchRequest(
            WatchMode.Persistent, _options.WatchBytesMax, watch.Held, watch.Seen).WriteTo(_frame);
        _frame.WriteSized(watch.Key);
        _frame.WriteBytes(watch.Query);
        if (_port.Send(node, _frame.Written))
            return;

        Forget(watch);
        Wait(now, watch);
    }

    private void BeginWatches(Instant now)
    {
        foreach (ClientWatch watch in _watches.Values)
        {
            if (watch.Node is null)
                Begin(now, watch);
        }
    }

    private void LoseWatches(Instant now, int node)
    {
        _renewals[node] = null;
        foreach (ClientWatch watch in _watches.Values)
        {
            if (watch.Node != node)
                continue;

            Forget(watch);
            Begin(now, watch);
        }
    }

    private void WakeWatches(Instant now)
    {
        foreach (ClientWatch watch in _watches.Values)
        {
            if (!watch.HasBegun && now >= watch.Due)
            {
                Leave(watch);
                Begin(now, watch);
            }
            else if (!watch.HasBegun)
            {
                Expect(watch.Due);
            }
        }

        for (int node = 0; node < _renewals.Length; node++)
            Renew(now, node);
    }

    // A node that stands still is connected and says nothing: its watches go elsewhere.
    private void Renew(Instant now, int node)
    {
        if (_renewals[node] is not Renewal renewal)
            return;

        if (now < renewal.Due)
        {
            Expect(renewal.Due);
            return;
        }

        _renewals[node] = null;
        ClientWatch[] served = [.. _watches.Values.Where(watch => watch.Node == node)];
        if (renewal.Number != 0)
        {
            foreach (ClientWatch watch in served)
                Leave(watch);
            BeginWatches(now);
        }
        else if (served.Length > 0)
        {
            Expect(node, new Renewal(++_lastTry, now + (2 * _options.TryTimeout)));
            foreach (ClientWatch[] some in served
                .Where(static watch => watch.HasBegun).Chunk(WatchUse.PerRequestMax))
            {
                Tell(node, 0, some);
            }

            // Answered when all before it are worked off.
            Tell(node, _lastTry, []);
        }
    }

    private void Expect(int node, Renewal renewal)
    {
        _renewals[node] = renewal;
        Expect(renewal.Due);
    }

    private void ReceivedForWatch(
        Instant now, int node, in ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        if (_renewals[node]?.Number == head.Number && head.Number != 0)
        {
            Expect(node, new Renewal(0, now + _options.WatchRenewal));
            return;
        }

        if (!_watchTries.TryGetValue(head.Number, out ClientWatch? watch) || watch.Node != node)
            return;

        switch (head.Kind)
        {
            case ResponseKind.Watched:
                Take(now, watch, node, bytes);
                break;
            case ResponseKind.Refused:
            case ResponseKind.TooLarge:
            case ResponseKind.NotAllowed:
            case ResponseKind.Malformed:
                End(watch, head.Kind, bytes);
                break;
            case ResponseKind.WatchEnded
                when bytes.Length > 0 && bytes[0] == (byte)WatchEnd.Refused:
                End(watch, ResponseKind.Refused, bytes[1..]);
                break;
            default:
                Forget(watch);
                Wait(now, watch);
                break;
        }
    }

    private void Take(Instant now, ClientWatch watch, int node, ReadOnlySpan<byte> bytes)
    {
        FrameReader reader = new(bytes);
        WatchNews news = WatchNews.ReadFrom(ref reader);
        if (!reader.IsValid || _nodes[node] is not NodeId from)
            return;

        if (!watch.HasBegun && _renewals[node] is null)
            Expect(node, new Renewal(0, now + _options.WatchRenewal));
        bool hasBegun = watch.HasBegun;
        watch.HasBegun = true;
        watch.BackOff = _options.BackOffMin;
        if (news.HasAnswer)
            Take(watch, new ClientNews(watch.Number, from, news), ref reader);

        // What was used while the node was asked it was not told of yet.
        if (!hasBegun)
            TellIfDue(watch);
    }

    private void Take(ClientWatch watch, in ClientNews news, ref FrameReader reader)
    {
        ReadOnlySpan<byte> answer = reader.ReadBytes(reader.Remaining);
        watch.Seen = news.News.Seen;
        watch.Held += WatchNews.Weight(answer.Length);
        _port.Watched(news, answer);
    }

    private void End(ClientWatch watch, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        Remove(watch);
        _port.WatchEnded(watch.Number, kind, bytes);
    }

    private void Remove(ClientWatch watch)
    {
        _watchTries.Remove(watch.Try);
        _watches.Remove(watch.Number);
        _pendingBytes -= watch.Weight;
    }

    // The node may serve it, or begin to.
    private void Leave(ClientWatch watch)
    {
        if (watch.Node is not int node)
            return;

        _frame.Clear();
        new RequestHead(watch.Try, _options.Group, RequestKind.Unwatch).WriteTo(_frame);
        _port.Send(node, _frame.Written);
        Forget(watch);
    }

    private void Forget(ClientWatch watch)
    {
        _watchTries.Remove(watch.Try);
        watch.Next = ((watch.Node ?? watch.Next) + 1) % _nodes.Length;
        watch.Node = null;
        watch.HasBegun = false;
    }

    private void Wait(Instant now, ClientWatch watch)
    {
        watch.Due = now + watch.BackOff + _random.Below(watch.BackOff);
        watch.BackOff = watch.BackOff * 2 < _options.TryTimeout
            ? watch.BackOff * 2
            : _options.TryTimeout;
        Expect(watch.Due);
    }

    // Number zero: no answer is wanted.
    private void Tell(int node, long number, ReadOnlySpan<ClientWatch> watches)
    {
        _frame.Clear();
        new RequestHead(number, _options.Group, RequestKind.WatchUse).WriteTo(_frame);
        foreach (ClientWatch watch in watches)
        {
            watch.Told = watch.Used;
            new WatchUse(watch.Try, watch.Used).WriteTo(_frame);
        }

        _port.Send(node, _frame.Written);
    }

    /// <summary>When a node is told of its watches again, or, with the number of a request, must
    /// have answered that it was.</summary>
    private readonly record struct Renewal(long Number, Instant Due);
}
