using System.Net;
using System.Net.Sockets;
using Synod.Transport;

namespace Synod.Adapters.Tests.Hostile;

/// <summary>A line to a node that keeps what goes to it.</summary>
internal sealed class Tap : IDisposable
{
    private const int FramesMax = 4000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly Lock _gate = new();
    private readonly List<byte[]> _data = [];
    private readonly Dictionary<uint, byte[]> _hellos = [];

    public Tap(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        Address = _listener.LocalEndpoint.ToString() ?? "";
        _ = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>What members have sent, as their transports would hand it on.</summary>
    public byte[][] Data
    {
        get
        {
            lock (_gate)
                return [.. _data];
        }
    }

    /// <summary>How each member has introduced itself last.</summary>
    public Hello HelloOf(uint node)
    {
        lock (_gate)
        {
            Assert.True(Hello.TryRead(_hellos[node], out Hello hello));
            return hello;
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket caller)
    {
        using Socket node = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (caller)
        {
            try
            {
                await node.ConnectAsync(_target);
                Task back = CopyAsync(node, caller, static _ => { });
                FrameReceiver receiver = new() { BodyBytesMax = WireFormat.BodyBytesMax };
                await CopyAsync(caller, node, bytes => Keep(receiver, bytes));
                node.Shutdown(SocketShutdown.Send);
                await back;
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // One of the two is gone, and so the other is.
            }
        }
    }

    private static async Task CopyAsync(
        Socket from, Socket to, Action<ReadOnlyMemory<byte>> passing)
    {
        byte[] some = new byte[8192];
        while (await from.ReceiveAsync(some) is var count and > 0)
        {
            passing(some.AsMemory(0, count));
            for (int sent = 0; sent < count;)
                sent += await to.SendAsync(some.AsMemory(sent, count - sent));
        }
    }

    private void Keep(FrameReceiver receiver, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Memory<byte> room = receiver.Room();
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            receiver.Received(count);
            bytes = bytes[count..];
            while (receiver.TryNext(out ReceivedFrame frame))
                Keep(frame);
        }
    }

    private void Keep(in ReceivedFrame frame)
    {
        lock (_gate)
        {
            if (frame.Kind == FrameKind.Data && _data.Count < FramesMax)
            {
                _data.Add(frame.Payload.ToArray());
            }
            else if (frame.Kind == FrameKind.Hello
                && Hello.TryRead(frame.Payload.Span, out Hello hello))
            {
                _hellos[hello.From.Node.Number] = frame.Payload.ToArray();
            }
        }
    }
}
