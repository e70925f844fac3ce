using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>The twin of TCP without sockets or threads: nodes and clients in one process, for
/// tests. Frames are delivered on the thread that flushes, or one by one when the test says so.
/// Same seed, same calls, same deliveries. Safe for use from several threads.</summary>
public sealed class InProcessNetwork(ulong seed = 0)
{
    private readonly FlightQueue _flights = new(seed);
    private readonly Dictionary<NodeId, InProcessTransport> _nodes = [];
    private readonly Dictionary<(NodeId From, NodeId To), Lane> _lanes = [];
    private readonly HashSet<(NodeId From, NodeId To)> _cuts = [];
    private bool _isSettling;

    /// <summary>Frames wait for <see cref="DeliverNext"/>; else a flush delivers them.</summary>
    public bool IsStepwise { get; init; }

    /// <summary>The cluster that clients are told.</summary>
    public ClusterId Cluster { get; init; } = new(1);

    /// <summary>The largest frame, in bytes.</summary>
    public int FrameBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>What happens to frames between nodes that are flushed from now on.</summary>
    public InProcessFaults Faults
    {
        get => _flights.Faults;
        set => _flights.Faults = value;
    }

    /// <summary>How many frames were flushed and are not delivered yet.</summary>
    public int InFlight
    {
        get
        {
            lock (Gate)
                return _flights.Count;
        }
    }

    internal Lock Gate { get; } = new();

    /// <summary>A transport for a node. The one that it had before must have been
    /// disposed.</summary>
    public InProcessTransport Join(PeerIdentity self)
    {
        InProcessTransport transport = new(this, self);
        lock (Gate)
        {
            if (!_nodes.TryAdd(transport.Node, transport))
                throw new ArgumentException($"{transport.Node} is alive.", nameof(self));
        }

        return transport;
    }

    /// <summary>A connection of a client that may do everything to a node.</summary>
    public IClientConnection Dial(NodeId node, IClientSink sink) =>
        Dial(node, ClientRole.Admin, sink);

    /// <summary>A connection of a client to a node.</summary>
    public IClientConnection Dial(NodeId node, ClientRole role, IClientSink sink) =>
        new InProcessClient(this, node, role, sink);

    /// <summary>Nothing goes this way any more, what is under way included; the sender sees its
    /// connection go down.</summary>
    public void Cut(NodeId from, NodeId target) => Change(() => _cuts.Add((from, target)));

    /// <summary>Frames go this way again.</summary>
    public void Heal(NodeId from, NodeId target) => Change(() => _cuts.Remove((from, target)));

    /// <summary>Delivers one frame; false if there is none whose receiver is free.</summary>
    public bool DeliverNext()
    {
        Flight? flight;
        lock (Gate)
            flight = Take();
        if (flight is null)
            return false;

        Deliver(flight);
        return true;
    }

    /// <summary>Delivers until there is no frame whose receiver is free.</summary>
    public void DeliverAll()
    {
        while (DeliverNext())
        {
        }
    }

    internal byte[] Copy(ReadOnlySpan<byte> frame) => frame.Length <= FrameBytesMax
        ? frame.ToArray()
        : throw new ArgumentException(
            $"A frame has {frame.Length} bytes; {FrameBytesMax} is the limit.", nameof(frame));

    internal Lane? LaneBetween(NodeId from, NodeId to) => _lanes.GetValueOrDefault((from, to));

    internal InProcessTransport? Find(NodeId node) =>
        _nodes.GetValueOrDefault(node) is { Sink: not null } live ? live : null;

    internal void Remove(InProcessTransport transport)
    {
        if (_nodes.GetValueOrDefault(transport.Node) == transport)
            _nodes.Remove(transport.Node);
    }

    internal void Close(Lane lane) => _flights.Close(lane);

    internal void Launch(List<(Lane Lane, byte[] Frame)> queued)
    {
        foreach ((Lane lane, byte[] frame) in queued)
            _flights.Add(lane, frame);
    }

    /// <summary>Changes who can reach whom, and tells those who lose or win a connection.</summary>
    internal void Change(Action change)
    {
        List<Action> news = [];
        lock (Gate)
        {
            change();
            foreach ((NodeId From, NodeId To) pair in _lanes.Keys.Where(IsDown).ToList())
                news.Add(TakeDown(pair));
            foreach (InProcessTransport from in _nodes.Values)
            {
                foreach (InProcessTransport to in _nodes.Values.Where(to => IsNew(from, to)))
                    news.Add(Raise(from, to));
            }
        }

        foreach (Action tell in news)
            tell();
    }

    /// <summary>Delivers what was flushed, unless the test does it.</summary>
    internal void Settle()
    {
        if (IsStepwise)
            return;

        lock (Gate)
        {
            // Whoever settles already takes ours too: a receiver that answers does not recurse.
            if (_isSettling)
                return;

            _isSettling = true;
        }

        while (TakeOrRest() is { } flight)
            Deliver(flight);
    }

    private Flight? TakeOrRest()
    {
        lock (Gate)
        {
            Flight? flight = Take();
            _isSettling = flight is not null;
            return flight;
        }
    }

    private Flight? Take()
    {
        Flight? flight = _flights.Take();
        if (flight is not null)
            flight.Lane.IsBusy = true;
        return flight;
    }

    private void Deliver(Flight flight)
    {
        ValueTask delivery = flight.Lane.Deliver(flight.Frame);
        if (!delivery.IsCompleted)
        {
            _ = FreeAsync(flight.Lane, delivery);
            return;
        }

        lock (Gate)
            flight.Lane.IsBusy = false;
        delivery.GetAwaiter().GetResult();
    }

    private async Task FreeAsync(Lane lane, ValueTask delivery)
    {
        await delivery.ConfigureAwait(false);
        lock (Gate)
            lane.IsBusy = false;
        Settle();
    }

    private bool IsDown((NodeId From, NodeId To) pair) =>
        _cuts.Contains(pair) || Find(pair.From) is null || Find(pair.To) is null;

    private bool IsNew(InProcessTransport from, InProcessTransport to) =>
        from != to && !_lanes.ContainsKey((from.Node, to.Node)) && !IsDown((from.Node, to.Node));

    private Action Raise(InProcessTransport from, InProcessTransport to)
    {
        PeerIdentity sender = from.Self;
        _lanes.Add(
            (from.Node, to.Node),
            new Lane(frame => to.DeliverPeer(sender, frame), hasFaults: true));
        return () => from.Sink?.PeerUp(to.Self, TimeSpan.Zero);
    }

    private Action TakeDown((NodeId From, NodeId To) pair)
    {
        if (_lanes.Remove(pair, out Lane? lane))
            _flights.Close(lane);
        return () => Find(pair.From)?.Sink?.PeerDown(pair.To);
    }
}
