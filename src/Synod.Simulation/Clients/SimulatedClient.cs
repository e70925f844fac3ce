using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.TestKit;

namespace Synod.Simulation;

/// <summary>The real client, with several processes that call one after the other.</summary>
internal sealed class SimulatedClient : IClientPort
{
    private static readonly TimeSpan RedialAfter = TimeSpan.FromMilliseconds(10);

    // Who waits long stays with a leader that is cut off; who does not is with the next one while
    // the old one still believes that it leads.
    private static readonly TimeSpan[] Patience =
    [
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(300),
        TimeSpan.FromMilliseconds(1000),
    ];

    private readonly World _world;
    private readonly SimulatedNetwork _network;
    private readonly IReadOnlyList<SimulatedNode> _nodes;
    private readonly ClientLink?[] _links;
    private readonly ClientCore _core;
    private readonly IMachineCodec _codec;
    private readonly SeededRandom _random;
    private readonly Dictionary<long, Action<ResponseKind, byte[]>> _waiting = [];
    private readonly Dictionary<long, Watcher> _watching = [];
    private readonly HashSet<long> _committed = [];
    private readonly HashSet<long> _certain = [];
    private readonly SentCommands _sent = new();
    private readonly Alarm _alarm;
    private readonly SteppingClient _stepping;

    public SimulatedClient(
        World world, int number, SimulatedNetwork network, IReadOnlyList<SimulatedNode> nodes)
    {
        _world = world;
        _alarm = new Alarm(world.Schedule, Woken);
        _network = network;
        _nodes = nodes;
        _links = new ClientLink?[nodes.Count];
        _codec = (IMachineCodec)world.Options.Workload.CreateMachine();
        SeededRandom random = world.RandomOf(Stream.Client, number);
        _random = world.RandomOf(Stream.Near, number);
        Group = new GroupId((ulong)((number - 1) % world.Options.Groups) + 1);
        SeededRandom watch = world.RandomOf(Stream.Watch, number);
        IsPrompt = watch.Chance(1, 2);
        ClientCoreOptions options = new()
        {
            Group = Group,
            TryTimeout = Patience[random.Below(Patience.Length)],
            Nearest = watch.Chance(1, 2) ? (int)_random.Below(nodes.Count) : null,
            KeysHaveHomes = number % 2 == 0,
            Timeout = new TimeSpan(3 * Patience[random.Below(Patience.Length)].Ticks),
            WatchBytesMax = IsPrompt ? WatchDesk.PromptBytes : 1 << (int)(4 + watch.Below(10)),
        };
        _core = new ClientCore(options, nodes.Count, random.NextBits(), this);
        _stepping = new SteppingClient(world, this, _codec) { CallTimeout = options.Timeout };
    }

    /// <summary>How many nodes there are.</summary>
    public int Nodes => _nodes.Count;

    /// <summary>The group it talks to.</summary>
    public GroupId Group { get; }

    /// <summary>Whether it uses at once what it is told of keys that it watches.</summary>
    public bool IsPrompt { get; }

    /// <summary>Commands that were applied, as they were sent, the oldest first.</summary>
    public IReadOnlyList<byte[]> Answered => _sent.Answered;

    /// <summary>Dials all nodes.</summary>
    public void Start()
    {
        foreach (SimulatedNode node in _nodes)
            _network.Dial(this, node);
    }

    /// <summary>Begins a call; the end is told.</summary>
    public void Call(WorkloadCall call, Action<WorkloadEnd> ended)
    {
        if (call.Steps is Func<IWorkloadClient, Task<WorkloadEnd>> steps)
        {
            _stepping.Run(steps, ended);
            return;
        }

        RequestKind query = _random.Chance(1, 2) ? RequestKind.NearQuery : RequestKind.Query;
        RequestKind command = _random.Chance(1, 2)
            ? RequestKind.Command
            : RequestKind.StepwiseCommand;
        CallTerms terms = new(call.IsQuery ? query : command);
        string key = _codec is IWholeMachine ? "" : call.Key;
        Ask(terms, key, call.Request, (kind, bytes) => ended(EndOf(call, kind, bytes)));
    }

    /// <summary>Begins a request; the answer is told.</summary>
    public void Ask(
        in CallTerms terms, string key, object? request, Action<ResponseKind, byte[]> ended)
    {
        FrameBuffer body = new();
        if (request is not null)
            _codec.Encode(request, body);
        if (terms.Kind is RequestKind.Command or RequestKind.StepwiseCommand)
            _sent.Begin(_core.NextCall);

        // It may end before it has a number to its caller.
        _waiting.Add(_core.NextCall, ended);
        _core.Submit(_world.Now, terms, Encoding.UTF8.GetBytes(key), body.Written);
        Wake();
    }

    /// <summary>A request as its machine knows it.</summary>
    public byte[] Encode(object request)
    {
        FrameBuffer body = new();
        _codec.Encode(request, body);
        return body.Written.ToArray();
    }

    /// <summary>Begins to watch a key.</summary>
    public long Watch(byte[] key, byte[] query, Watcher watcher)
    {
        FrameBuffer body = new();
        WatchedQuery.Begin(body);
        body.WriteBytes(query);

        // It may be told before it has a number to the one who watches.
        long number = _core.NextWatch;
        _watching.Add(number, watcher);
        _core.Watch(_world.Now, key, body.Written);
        Wake();
        return number;
    }

    /// <summary>A state that was told is used.</summary>
    public void Use(long watch, int answerBytes) => _core.Use(watch, answerBytes);

    /// <summary>Ends a watch.</summary>
    public void EndWatch(long watch)
    {
        _watching.Remove(watch);
        _core.EndWatch(watch);
    }

    public void Connected(ClientLink link)
    {
        _links[IndexOf(link)] = link;
        TimeSpan distance = new(2 * link.Latency.Ticks);
        _core.Connected(_world.Now, IndexOf(link), link.Node.Id, distance);
        Wake();
    }

    public void Received(ClientLink link, byte[] frame)
    {
        _core.Received(_world.Now, IndexOf(link), frame);
        Wake();
    }

    public void Closed(ClientLink link)
    {
        int index = IndexOf(link);
        if (_links[index] == link)
        {
            _links[index] = null;
            _core.Disconnected(_world.Now, index);
            Wake();
        }

        _world.Schedule.After(RedialAfter, () => _network.Dial(this, link.Node));
    }

    bool IClientPort.Send(int node, ReadOnlySpan<byte> frame)
    {
        if (_links[node] is not ClientLink link)
            return false;

        byte[] bytes = frame.ToArray();
        _sent.Send(bytes);
        _network.ToNode(link, bytes);
        return true;
    }

    void IClientPort.Committed(long number, bool isCertain)
    {
        if (isCertain && !_certain.Add(number))
            throw _world.Violated($"call {number} was committed for certain, and ran in vain");

        _committed.Add(number);
    }

    // What was committed runs, though its result may be lost; to say that it never will is a lie.
    void IClientPort.Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        bool mayHaveRun = kind
            is ResponseKind.Applied or ResponseKind.Refused or ResponseKind.Unknown;
        _certain.Remove(number);
        if (_committed.Remove(number) && !mayHaveRun)
            throw _world.Violated($"call {number} was committed, and ended {kind}");

        byte[] answer = bytes.ToArray();
        _sent.End(number, isApplied: kind == ResponseKind.Applied);
        if (_waiting.Remove(number, out Action<ResponseKind, byte[]>? ended))
            _world.Schedule.After(TimeSpan.Zero, () => ended(kind, answer));
    }

    void IClientPort.Watched(in ClientNews news, ReadOnlySpan<byte> answer)
    {
        if (_watching.TryGetValue(news.Watch, out Watcher? watcher))
            watcher.Told(news.News, answer.ToArray());
    }

    // Every machine answers what its workload asks, and no client has so many watches.
    void IClientPort.WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
        throw _world.Violated($"a watch ends: {kind} {Encoding.UTF8.GetString(bytes)}");

    private WorkloadEnd EndOf(WorkloadCall call, ResponseKind kind, byte[] bytes)
    {
        if (kind == ResponseKind.Overloaded)
            _world.CountUsual("a call was refused since too much waits");
        return kind switch
        {
            ResponseKind.Applied => new WorkloadEnd(OperationType.Ok, call.Answer(_codec, bytes)),
            ResponseKind.Unknown => new WorkloadEnd(OperationType.Info),
            _ => new WorkloadEnd(OperationType.Fail),
        };
    }

    private static int IndexOf(ClientLink link) => (int)link.Node.Id.Number - 1;

    private void Woken()
    {
        _core.Wake(_world.Now);
        Wake();
    }

    private void Wake() => _alarm.Set(_core.WakeAt);
}
