using System.Diagnostics;
using System.Diagnostics.Metrics;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>The meter <c>Synod</c> of one node: reads the plain numbers that the node counts
/// anyhow, when somebody listens. Only times are pushed, once a turn or flush, and only while
/// somebody listens to them.</summary>
internal sealed class NodeMeter : IShardClock, IDisposable
{
    public const string Name = "Synod";

    private const string NodeTag = "synod.node";

    private readonly Meter _meter = new(Name);
    private readonly KeyValuePair<string, object?> _node;
    private readonly Histogram<double> _turn;
    private readonly Histogram<double> _apply;
    private readonly Histogram<double> _flush;
    private readonly Histogram<long> _flushRecords;
    private long _turnBegan;
    private long _applyBegan;

    public NodeMeter(NodeId node)
    {
        _node = new KeyValuePair<string, object?>(NodeTag, (long)node.Number);
        _turn = Seconds("synod.turn.duration", "How long a turn of the shard took.");
        _apply = Seconds("synod.apply.duration", "How long the machines applied in a turn.");
        _flush = Seconds("synod.storage.flush.duration", "From asking for a flush to its end.");
        _flushRecords = _meter.CreateHistogram<long>(
            "synod.storage.flush.records", "{record}", "Records that a flush made durable.");
    }

    /// <summary>Adds what is counted of the node.</summary>
    public void Watch(NodeCounters counters)
    {
        Counter("synod.turns", "{turn}", "Turns of the shard.", () => counters.Turns);
        Counter(
            "synod.violations.unreadable",
            "{frame}",
            "Frames of peers whose group could not be made out.",
            () => counters.Violations);
        Counter(
            "synod.requests.unreadable",
            "{request}",
            "Requests of clients whose group could not be made out.",
            () => counters.Misuses);
        Counter("synod.storage.flushes", "{flush}", "Flushes.", () => counters.LogFlushes);
        Counter("synod.storage.records", "{record}", "Records.", () => counters.LogRecords);
        Gauge("synod.storage.segments", "{file}", "Files.", () => counters.LogSegments);
        Gauge("synod.storage.bytes", "By", "What the log holds.", () => counters.LogBytes);
        Gauge("synod.storage.room", "By", "What the log takes.", () => counters.LogRoomBytes);
        Gauge(
            "synod.storage.capacity",
            "By",
            "The most that the log may take.",
            () => counters.LogCapacityBytes);
        Gauge(
            "synod.storage.pressure",
            "{level}",
            "0 none, 1 high: no new commands, 2 full.",
            () => (long)counters.Pressure);
    }

    /// <summary>Adds what comes and goes over the network.</summary>
    public void Watch(TcpTransport transport, ShardInbox inbox)
    {
        Counter("synod.network.in", "By", "Received.", () => transport.BytesIn);
        Counter("synod.network.out", "By", "Sent.", () => transport.BytesOut);
        Counter(
            "synod.network.dropped",
            "{frame}",
            "Frames to peers that were dropped: no connection, or a full queue.",
            () => transport.FramesDropped);
        Gauge("synod.network.peers", "{peer}", "Connected.", () => transport.PeersConnected);
        Gauge("synod.network.clients", "{client}", "Connected.", () => transport.ClientsCount);
        Gauge("synod.network.queue", "By", "What waits to leave.", () => transport.QueuedBytes);
        Gauge(
            "synod.network.handshakes",
            "{handshake}",
            "Under way.",
            () => transport.HandshakesCount);
        Counter(
            "synod.network.handshakes.refused",
            "{handshake}",
            "Refused.",
            () => transport.HandshakesRefused);
        Gauge("synod.inbox", "By", "What waits for a turn.", () => inbox.WaitingBytes);
    }

    /// <summary>Adds the notices of the network by their kind.</summary>
    public void Watch(NodeNotices notices) => _meter.CreateObservableCounter<long>(
        "synod.network.notices",
        () => Enum.GetValues<NoticeKind>().Select(kind => new Measurement<long>(
            notices.Count(kind), _node, new("synod.kind", kind.ToString()))),
        "{notice}",
        "Connections made, lost, refused and closed, and full queues.");

    /// <summary>Adds the groups.</summary>
    public void Watch(IReadOnlyList<HostedGroup> groups) =>
        new GroupMeter(_meter, _node, groups).Watch();

    public void TurnBegan() => _turnBegan = _turn.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void ApplyBegan() => _applyBegan = _apply.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void ApplyEnded()
    {
        if (_applyBegan != 0)
            _apply.Record(Stopwatch.GetElapsedTime(_applyBegan).TotalSeconds, _node);
    }

    public void TurnEnded()
    {
        if (_turnBegan != 0)
            _turn.Record(Stopwatch.GetElapsedTime(_turnBegan).TotalSeconds, _node);
    }

    /// <summary>A flush has succeeded.</summary>
    public void Flushed(TimeSpan duration, long records)
    {
        _flush.Record(duration.TotalSeconds, _node);
        _flushRecords.Record(records, _node);
    }

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Seconds(string name, string what) =>
        _meter.CreateHistogram<double>(name, "s", what);

    private void Counter(string name, string unit, string what, Func<long> read) =>
        _meter.CreateObservableCounter<long>(
            name, () => new Measurement<long>(read(), _node), unit, what);

    private void Gauge(string name, string unit, string what, Func<long> read) =>
        _meter.CreateObservableGauge<long>(
            name, () => new Measurement<long>(read(), _node), unit, what);
}
