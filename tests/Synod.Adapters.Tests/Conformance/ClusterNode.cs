using System.Net;
using Synod.Abstractions;
using Synod.Adapters.Tests.Runtime;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.SqliteLog;
using Synod.Storage;
using Synod.Transport;

namespace Synod.Adapters.Tests.Conformance;

/// <summary>A node with its own thread, in one life after the other.</summary>
internal sealed class ClusterNode(Cluster cluster, NodeId id) : IAsyncDisposable
{
    private readonly ClusterKind _kind = cluster.Kind;
    private readonly string _directory =
        Directory.CreateDirectory(Path.Combine(cluster.Directory, $"{id}")).FullName;

    private ulong _boot;
    private ShardThread? _pump;
    private ILog? _log;
    private FileBlockDevice? _device;
    private TcpTransport? _tcp;
    private InProcessTransport? _inProcess;

    public NodeId Id => id;

    /// <summary>Where it listens, if it does.</summary>
    public IPEndPoint? Endpoint => _tcp?.Bound;

    public bool IsRunning => _pump is not null;

    public void Start()
    {
        Incarnation incarnation = new(_kind.IsDurable ? 1 : ++_boot);
        Boot boot = new(_kind.IsDurable ? ++_boot : 1);
        PeerIdentity self = new(new MemberIdentity(id, incarnation), boot);
        NodeOptions options = new()
        {
            Cluster = Cluster.Name,
            Identity = self,
            Seed = StableHash.Combine(id.Number, _boot),
        };
        ShardThread pump = new(TimeProvider.System);
        ShardInbox inbox = new(options.InboxBytesMax, pump.Signal);
        _log = OpenLog(pump.Signal);
        Shard shard = new(
            options, new ShardPorts(_log, OpenTransport(self), inbox, new Notices()));
        shard.Add(new GroupOptions
        {
            Id = new GroupId(1),
            Protocol = _kind.CreateProtocol(),
            Members = cluster.Members,
            Machine = cluster.NewMachine(),
            Durability = _kind.Durability,
        });
        _tcp?.Start(inbox);
        _inProcess?.Start(inbox);
        pump.Start(shard);
        _pump = pump;
    }

    /// <summary>A new connection of a client to the process of now.</summary>
    public IClientConnection Dial(IClientSink sink) => _kind.Transport == "tcp"
        ? new ClientConnection(
            new ClientOptions { Address = Endpoint ?? Cluster.Nowhere, Cluster = Cluster.Name },
            sink)
        : cluster.Network.Dial(id, sink);

    /// <summary>The process ends wherever it is: it hands nothing over and says nothing. What
    /// still waits for the disk is lost with it. A log that is not on a device of ours is
    /// closed.</summary>
    public async Task KillAsync()
    {
        _pump?.Dispose();
        _pump = null;
        if (_tcp is not null)
            await _tcp.DisposeAsync();
        _inProcess?.Dispose();
        (_tcp, _inProcess) = (null, null);
        if (_device is not null)
            _device.Dispose();
        else
            _log?.Dispose();
        (_log, _device) = (null, null);
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private ILog OpenLog(Action wake)
    {
        switch (_kind.Log)
        {
            case "memory":
                return new MemoryLog(new MemoryLogOptions(), wake);
            case "sqlite":
                string file = Path.Combine(_directory, "log.db");
                return SqliteLog.Open(file, new SqliteLogOptions(), wake);
            default:
                _device = FileBlockDevice.Open(_directory);
                return FileLog.Open(_device, new FileLogOptions(), wake);
        }
    }

    private ITransport OpenTransport(PeerIdentity self)
    {
        if (_kind.Transport != "tcp")
            return _inProcess = cluster.Network.Join(self);

        return _tcp = new TcpTransport(new TcpTransportOptions
        {
            Cluster = Cluster.Name,
            Self = self,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Peers = [.. cluster.Members.Where(member => member != id)],
            Resolve = peer => cluster.Find(peer).Endpoint,
        });
    }
}
