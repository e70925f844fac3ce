using System.Buffers;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Keeps what a transport brings. Clients are answered by <see cref="Answer"/>.</summary>
internal sealed class TestSink : ITransportSink
{
    /// <summary>News as text: <c>up n2/… boot 1</c>, <c>down n2</c>, <c>gone c1</c>.</summary>
    public Watched<string> News { get; } = new();

    public Watched<(PeerIdentity From, byte[] Bytes)> Peers { get; } = new();

    public Watched<(ConnectionId From, byte[] Bytes)> Clients { get; } = new();

    public TimeSpan RoundTrip { get; private set; }

    /// <summary>What every frame waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Action<ConnectionId, byte[]> Answer { get; set; } = static (_, _) => { };

    public void PeerUp(PeerIdentity peer, TimeSpan roundTrip)
    {
        RoundTrip = roundTrip;
        News.Add($"up {peer.Member.Node} {peer.Boot}");
    }

    public void PeerDown(NodeId peer) => News.Add($"down {peer}");

    public ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame)
    {
        Peers.Add((from, frame.ToArray()));
        return new ValueTask(Gate);
    }

    public ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame)
    {
        byte[] bytes = frame.ToArray();
        Clients.Add((from, bytes));
        Answer(from, bytes);
        return new ValueTask(Gate);
    }

    public void ClientGone(ConnectionId client) => News.Add($"gone {client}");

    public IEnumerable<string> PeerTexts() =>
        Peers.All.Select(static frame => Encoding.UTF8.GetString(frame.Bytes));
}
