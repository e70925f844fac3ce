using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>The real client, at a site.</summary>
internal sealed class LabClient : IClientPort
{
    private const int RoundTripsPerTry = 5;
    private static readonly TimeSpan TryMin = TimeSpan.FromSeconds(1);

    private readonly LabWorld _world;
    private readonly LabConnection[] _connections;
    private readonly ClientCore _core;
    private readonly IMachineCodec _codec;
    private readonly Dictionary<long, Action<ResponseKind, byte[]>> _waiting = [];
    private readonly Dictionary<long, Action> _committing = [];
    private readonly Alarm _alarm;

    public LabClient(
        LabWorld world,
        (int Site, long Number) name,
        LabNetwork network,
        IReadOnlyList<LabNode> nodes)
    {
        _world = world;
        _alarm = new Alarm(world.Schedule, Woken);
        Site = name.Site;
        _codec = (IMachineCodec)world.Options.Machine.Create();
        TimeSpan several = RoundTripsPerTry * world.RoundTrips.Longest;
        TimeSpan tries = several > TryMin ? several : TryMin;
        ClientCoreOptions options = new()
        {
            Group = LabNode.Group,
            TryTimeout = tries,
            Timeout = 60 * tries,
            QuorumWait = 60 * tries,
        };
        ulong seed = world.RandomOf(LabStream.Client, name.Number).NextBits();
        _core = new ClientCore(options, nodes.Count, seed, this);
        _connections = [.. nodes.Select(node => network.Dial(this, node))];
    }

    public int Site { get; }

    /// <summary>Whether its site is gone: nothing leaves it any more.</summary>
    public bool IsLost { get; set; }

    /// <summary>Begins a call; of a command it is told when it is committed, and of each the
    /// end.</summary>
    public void Call(WorkloadCall call, Action committed, Action<ResponseKind, byte[]> ended)
    {
        FrameBuffer body = new();
        _codec.Encode(call.Request, body);
        if (!call.IsQuery)
            _committing.Add(_core.NextCall, committed);
        Submit(
            call.IsQuery ? RequestKind.NearQuery : RequestKind.StepwiseCommand,
            Encoding.UTF8.GetBytes(call.Key),
            body,
            ended);
    }

    /// <summary>Asks that a node leads; the end is told.</summary>
    public void Transfer(NodeId target, Action<ResponseKind, byte[]> ended)
    {
        FrameBuffer body = new();
        new TransferRequest(target, IsCancel: false).WriteTo(body);
        Submit(RequestKind.Transfer, [], body, ended);
    }

    public void Connected(LabNode node)
    {
        TimeSpan distance = _world.RoundTrips.Between(Site, node.Site);
        _core.Connected(_world.Now, node.Site, node.Id, distance);
        Wake();
    }

    public void Received(LabNode node, byte[] frame)
    {
        _core.Received(_world.Now, node.Site, frame);
        Wake();
    }

    bool IClientPort.Send(int node, ReadOnlySpan<byte> frame)
    {
        if (!IsLost)
            _connections[node].ToNode(frame.ToArray());
        return true;
    }

    void IClientPort.Committed(long number, bool isCertain)
    {
        if (_committing.TryGetValue(number, out Action? committed))
            committed();
    }

    void IClientPort.Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        byte[] answer = bytes.ToArray();
        _committing.Remove(number);
        if (_waiting.Remove(number, out Action<ResponseKind, byte[]>? ended))
            _world.Schedule.After(TimeSpan.Zero, () => ended(kind, answer));
    }

    void IClientPort.Watched(in ClientNews news, ReadOnlySpan<byte> answer)
    {
    }

    void IClientPort.WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
    }

    private void Submit(
        RequestKind kind,
        byte[] key,
        FrameBuffer body,
        Action<ResponseKind, byte[]> ended)
    {
        // It may end before it has a number to its caller.
        _waiting.Add(_core.NextCall, ended);
        _core.Submit(_world.Now, kind, key, body.Written);
        Wake();
    }

    private void Woken()
    {
        _core.Wake(_world.Now);
        Wake();
    }

    private void Wake() => _alarm.Set(_core.WakeAt);
}
