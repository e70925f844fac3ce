using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The network between nodes: frames are lost, late, doubled and overtaken; connections
/// break with and without a sign; whoever is not reached is dialled again.</summary>
internal sealed class SimulatedNetwork
{
    private static readonly TimeSpan LateMax = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan RedialMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RedialJitter = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HeldJitter = TimeSpan.FromMilliseconds(20);

    private const int RecallsMax = 3;

    // The number of frames of which no trace is kept.
    private const long Untold = 0;

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly List<Link> _links = [];
    private readonly SortedDictionary<long, ClientLink> _clients = [];
    private long _frames;
    private long _connections;

    public SimulatedNetwork(World world)
    {
        _world = world;
        _random = world.RandomOf(Stream.Network);
    }

    /// <summary>What happens to frames from now on.</summary>
    public Weather Weather { get; set; }

    /// <summary>All ways between two nodes.</summary>
    public IReadOnlyList<Link> Links => _links;

    /// <summary>Lays the ways between all nodes.</summary>
    public void Connect(IReadOnlyList<SimulatedNode> nodes)
    {
        TimeSpan farthest = TimeSpan.FromMicroseconds(50 + _random.Below(2000));
        foreach (SimulatedNode from in nodes)
        {
            foreach (SimulatedNode to in nodes.Where(to => to != from))
            {
                TimeSpan latency = TimeSpan.FromMicroseconds(50) + _random.Below(farthest);
                _links.Add(new Link(from, to) { Latency = latency });
            }
        }
    }

    /// <summary>The way from one node to another; none to itself.</summary>
    public Link? Find(NodeId from, NodeId to) =>
        _links.Find(link => link.From.Id == from && link.To.Id == to);

    /// <summary>A node has started: it dials all others, and they, who see it come, dial it.
    /// </summary>
    public void Started(SimulatedNode node)
    {
        foreach (Link link in _links.Where(link => link.From == node || link.To == node))
        {
            Link dialled = link;
            _world.Schedule.After(
                _random.Below(TimeSpan.FromMilliseconds(5)), () => Renew(dialled));
        }
    }

    /// <summary>A node has stopped; those who send to it learn it at once, or after a long
    /// silence.</summary>
    public void Stopped(SimulatedNode node, bool isSilent)
    {
        foreach (Link link in _links)
        {
            if (link.From == node)
                (link.IsUp, link.IsDialling, link.Connection) = (false, false, link.Connection + 1);
            else if (link.To == node)
                BreakAfter(link, isSilent ? _random.Below(SilenceMax) : link.Latency);
        }

        ClientLink[] clients = [.. _clients.Values.Where(client => client.Node == node)];
        foreach (ClientLink client in clients)
            Close(client, isSilent ? _random.Below(SilenceMax) : client.Latency);
    }

    /// <summary>Nothing gets through any more; the sender learns it after a silence.</summary>
    public void Block(Link link)
    {
        link.Blocks++;
        if (link.Blocks == 1)
            BreakAfter(link, TimeSpan.FromMilliseconds(200) + _random.Below(SilenceMax));
    }

    /// <summary>Takes back one <see cref="Block"/>.</summary>
    public static void Unblock(Link link) => link.Blocks--;

    /// <summary>What leaves from now on waits on the way, or a copy of it does.</summary>
    public static void Hold(Link link, bool isCopied)
    {
        link.Held ??= [];
        link.HoldsCopies = isCopied;
    }

    /// <summary>Takes what was held out of the way; nothing more is held.</summary>
    public static IReadOnlyList<Action> TakeHeld(Link link)
    {
        IReadOnlyList<Action> held = link.Held ?? [];
        link.Held = null;
        return held;
    }

    /// <summary>What was held goes on, however late: to whom it was sent to, if that one is still
    /// there.</summary>
    public void LetGo(IReadOnlyList<Action> held)
    {
        foreach (Action arrive in held)
            _world.Schedule.After(_random.Below(HeldJitter), arrive);
    }

    /// <summary>A connection breaks, and the sender learns it.</summary>
    public void Reset(Link link) => BreakAfter(link, TimeSpan.Zero, isReset: true);

    /// <summary>A frame leaves for a peer.</summary>
    public void ToPeer(SimulatedNode from, NodeId peer, byte[] frame)
    {
        if (Find(from.Id, peer) is not Link link)
            return;

        long number = ++_frames;
        Note(TraceKind.Sent, link, number, frame);
        bool isLost = !link.IsUp || link.Blocks > 0 || link.Loses?.Invoke() == true;
        if (isLost || _random.Chance(Weather.LossPerMille, 1000))
        {
            Note(TraceKind.Lost, link, number, default);
            return;
        }

        Launch(link, number, frame);
        if (_random.Chance(Weather.DuplicatePerMille, 1000))
            Launch(link, number, frame);
    }

    /// <summary>A ping leaves for a peer. It has the fate of any frame; of the many no trace is
    /// kept.</summary>
    public void Ping(SimulatedNode from, NodeId peer, byte[] frame)
    {
        bool isSent = Find(from.Id, peer) is { IsUp: true, Blocks: 0 }
            && !_random.Chance(Weather.LossPerMille, 1000);
        if (isSent && Find(from.Id, peer) is Link link)
            Launch(link, Untold, frame);
    }

    /// <summary>A client dials a node; it is told in time.</summary>
    public void Dial(SimulatedClient client, SimulatedNode node)
    {
        ClientLink link = new(client, node, new ConnectionId(++_connections, ClientRole.Admin))
        {
            Latency = TimeSpan.FromMicroseconds(50 + _random.Below(500)),
        };
        _world.Schedule.After(Times(link.Latency, 2), () =>
        {
            if (!node.IsRunning)
            {
                client.Closed(link);
                return;
            }

            link.Boot = node.Boots;
            _clients.Add(link.Id.Number, link);
            client.Connected(link);
        });
    }

    /// <summary>The connection of a client breaks, and with it the answers on their way are lost.
    /// </summary>
    public bool BreakClient(SimulatedClient client, NodeId node)
    {
        ClientLink? link = _clients.Values.FirstOrDefault(
            link => link.Client == client && link.Node.Id == node);
        if (link is not null)
            Close(link, TimeSpan.Zero);
        return link is not null;
    }

    /// <summary>Old commands of a client reach a node on a connection that the client has given up:
    /// the answers are lost.</summary>
    public bool Recall(SimulatedClient client, SimulatedNode node, SeededRandom random)
    {
        IReadOnlyList<byte[]> commands = client.Answered;
        if (!node.IsRunning || commands.Count == 0)
            return false;

        ConnectionId gone = new(++_connections, ClientRole.Admin);
        long first = random.Below(commands.Count);
        for (long at = first; at < Math.Min(first + RecallsMax, commands.Count); at++)
            node.ClientFrame(gone, commands[(int)at]);
        return true;
    }

    /// <summary>A frame leaves for a client. Connections of clients keep their order.</summary>
    public void ToClient(ConnectionId client, byte[] frame)
    {
        if (!_clients.TryGetValue(client.Number, out ClientLink? link))
            return;

        link.ToClientAt = Later(link.ToClientAt, link);
        _world.Schedule.At(link.ToClientAt, () =>
        {
            if (!link.IsClosed)
                link.Client.Received(link, frame);
        });
    }

    /// <summary>A frame leaves for a node.</summary>
    public void ToNode(ClientLink link, byte[] frame)
    {
        link.ToNodeAt = Later(link.ToNodeAt, link);
        _world.Schedule.At(link.ToNodeAt, () =>
        {
            if (!link.IsClosed && link.Node.Boots == link.Boot)
                link.Node.ClientFrame(link.Id, frame);
        });
    }

    private static TimeSpan Times(TimeSpan time, int factor) => new(time.Ticks * factor);

    private Instant Later(Instant last, ClientLink link)
    {
        Instant due = _world.Now + link.Latency + _random.Below(link.Latency);
        return due > last ? due : last;
    }

    private void Launch(Link link, long number, byte[] frame)
    {
        TimeSpan delay =
            Times(link.Latency + _random.Below(link.Latency), link.Slowness);
        if (_random.Chance(Weather.DelayPerMille, 1000))
            delay += _random.Below(LateMax);
        (PeerIdentity sender, PeerIdentity receiver) = (link.From.Identity, link.Peer);
        void Arrive()
        {
            bool isThere = link.To.IsRunning && link.To.Identity == receiver;
            bool isLost = link.Blocks > 0 || !isThere;
            Note(isLost ? TraceKind.Lost : TraceKind.Delivered, link, number, default);
            if (!isLost)
                link.To.PeerFrame(sender, frame);
        }

        // Signs of life are not held: a node that is taken for silent is another fault.
        bool isHeld = link.Held is not null && number != Untold;
        if (isHeld)
            link.Held?.Add(Arrive);
        if (!isHeld || link.HoldsCopies)
            _world.Schedule.After(delay, Arrive);
    }

    private void Note(TraceKind kind, Link link, long number, byte[]? frame)
    {
        if (number == Untold)
            return;

        bool arrives = kind == TraceKind.Delivered;
        NodeId node = arrives ? link.To.Id : link.From.Id;
        NodeId peer = arrives ? link.From.Id : link.To.Id;
        string text = frame is not null && _world.Trace.HasWords
            ? link.From.Audit.Describe(frame)
            : "";
        _world.Trace.Note(kind, (node, peer), (number, text), frame);
    }

    private void BreakAfter(Link link, TimeSpan silence, bool isReset = false)
    {
        int connection = link.Connection;
        _world.Schedule.After(silence, () =>
        {
            bool isGone = isReset || link.Blocks > 0 || !link.IsAlive;
            if (!link.IsUp || link.Connection != connection || !isGone)
                return;

            Break(link);
            DialAfter(link, _random.Below(TimeSpan.FromMilliseconds(20)));
        });
    }

    private void Break(Link link)
    {
        link.IsUp = false;
        link.Connection++;
        _world.Trace.Note(TraceKind.LinkDown, (link.From.Id, link.To.Id), (0, ""), default);
        link.From.PeerDown(link.To.Id);
    }

    private void Renew(Link link)
    {
        if (link.IsUp && !link.IsAlive)
            Break(link);
        if (link.IsUp)
            return;

        link.IsDialling = false;
        DialAfter(link, _random.Below(TimeSpan.FromMilliseconds(5)));
    }

    private void DialAfter(Link link, TimeSpan wait)
    {
        if (link.IsDialling || !link.From.IsRunning)
            return;

        link.IsDialling = true;
        int dial = ++link.Dials;
        int boot = link.From.Boots;
        _world.Schedule.After(wait + Times(link.Latency, 2 * link.Slowness), () =>
        {
            if (link.Dials != dial || link.From.Boots != boot || !link.From.IsRunning)
                return;

            link.IsDialling = false;
            TryRaise(link);
        });
    }

    private void TryRaise(Link link)
    {
        if (link.IsUp)
            return;

        if (!link.To.IsRunning || link.Blocks > 0)
        {
            DialAfter(link, RedialMin + _random.Below(RedialJitter));
            return;
        }

        link.IsUp = true;
        link.Connection++;
        link.Peer = link.To.Identity;
        _world.Trace.Note(TraceKind.LinkUp, (link.From.Id, link.To.Id), (0, ""), default);
        link.From.PeerUp(link.Peer, Times(link.Latency, 2));
    }

    private void Close(ClientLink link, TimeSpan silence)
    {
        _clients.Remove(link.Id.Number);
        _world.Schedule.After(silence, () =>
        {
            link.IsClosed = true;
            link.Client.Closed(link);
        });
    }
}
