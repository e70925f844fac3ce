using System.Net;
using System.Net.Sockets;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Node 2, which is welcoming and reads only when it is told to, over a narrow
/// line.</summary>
internal sealed class SlowReader : IDisposable
{
    private readonly Socket _listener =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly FrameReceiver _receiver = new();
    private Socket? _socket;

    public SlowReader()
    {
        _listener.ReceiveBufferSize = 64 * 1024;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public EndPoint Address => _listener.LocalEndPoint!;

    /// <summary>Waits for a Hello and answers it.</summary>
    public async Task AcceptAsync()
    {
        _socket = await _listener.AcceptAsync(TestContext.Current.CancellationToken).WithinReason();
        await NextAsync();
        Welcome welcome = new(TestNode.Cluster, new(TestNode.Identity(2), 2));
        await _socket.SendAsync(WireFormat.Frame(FrameKind.Welcome, welcome.WriteTo).WrittenMemory);
        _receiver.BodyBytesMax = WireFormat.BodyBytesMax;
    }

    /// <summary>The next frame, and how many bytes of the sink it holds.</summary>
    public async Task<(FrameKind Kind, int Bytes)> NextAsync()
    {
        ReceivedFrame frame;
        while (!_receiver.TryNext(out frame))
        {
            int count = await _socket!.ReceiveAsync(_receiver.Room()).WithinReason();
            Assert.NotEqual(0, count);
            _receiver.Received(count);
        }

        int head = frame.Kind == FrameKind.Begin ? sizeof(uint) : 0;
        return (frame.Kind, frame.Payload.Length - head);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _listener.Dispose();
    }
}
