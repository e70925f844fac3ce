using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>A socket that sends whatever a test wants.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

    public string Place => Addresses.Text(_socket.LocalEndPoint);

    public static async Task<RawPeer> DialAsync(EndPoint address)
    {
        RawPeer peer = new();
        // Closing resets the connection, so that thousands of them leave no ports in TIME_WAIT.
        peer._socket.LingerState = new LingerOption(true, 0);
        await peer._socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        return peer;
    }

    public static byte[] FrameOf(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        FrameBuffer frame = new();
        WireFormat.Write(frame, WireFormat.Prefix(kind, payload), payload);
        return frame.Written.ToArray();
    }

    public static byte[] FrameOf(Hello hello) =>
        WireFormat.Frame(FrameKind.Hello, hello.WriteTo).Written.ToArray();

    /// <summary>Puts a checksum over the body that fits it again.</summary>
    public static void Mend(Span<byte> frame) => BinaryPrimitives.WriteUInt32LittleEndian(
        frame[4..], Crc32C.Of(frame[WireFormat.HeaderBytes..]));

    public static Hello Member(uint number, uint called = 1) => new(
        ConnectionRole.Member,
        TestNode.Cluster,
        new(TestNode.Identity(number), number),
        new(called),
        $"127.0.0.1:{number}");

    public static Hello Client() =>
        new(ConnectionRole.Client, TestNode.Cluster, default, default, "");

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = await _socket.SendAsync(bytes, TestContext.Current.CancellationToken);
            bytes = bytes[sent..];
        }
    }

    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>All that comes until the other end closes, in whatever way.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        List<byte> all = [];
        byte[] some = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(some).WithinReason() is var count and > 0)
                all.AddRange(some.AsSpan(0, count));
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }

        return [.. all];
    }

    public async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int more = await _socket.ReceiveAsync(bytes.AsMemory(read)).WithinReason();
            Assert.NotEqual(0, more);
            read += more;
        }

        return bytes;
    }

    /// <summary>Reads one frame and gives its kind.</summary>
    public async Task<FrameKind> ReadKindAsync()
    {
        byte[] header = await ReadAsync(WireFormat.HeaderBytes);
        byte[] body = await ReadAsync((int)BinaryPrimitives.ReadUInt32LittleEndian(header));
        return (FrameKind)body[1];
    }

    /// <summary>Reads the refusal and the end; the places of both ends are named A and B.</summary>
    public async Task<(RefusalCode Code, string Text)> RefusalAsync(TestNode node)
    {
        byte[] answer = await ReadToEndAsync();
        FrameReceiver receiver = new();
        answer.CopyTo(receiver.Room());
        receiver.Received(answer.Length);
        Assert.True(receiver.TryNext(out ReceivedFrame frame));
        Assert.Equal(FrameKind.Refusal, frame.Kind);
        Assert.True(Refusal.TryRead(frame.Payload.Span, out Refusal refusal));
        return (refusal.Code, refusal.Text.Replace(Place, "B").Replace(node.Place, "A"));
    }

    public void Dispose() => _socket.Dispose();
}
