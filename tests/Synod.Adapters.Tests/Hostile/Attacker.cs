using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Synod.Adapters.Tests.Transport;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Hostile;

/// <summary>Calls a node as a peer that it knows, as a client and as a stranger, and sends what
/// comes to its mind.</summary>
internal sealed class Attacker(
    SeededRandom random, Mutator mutator, (IPEndPoint Address, Hello[] Peers, ClusterId Cluster) at)
{
    private const int FramesPerConnection = 250;

    /// <summary>Of a hundred connections so many are those of a peer, the others of a
    /// client.</summary>
    public int PeersPercent { get; init; } = 66;

    /// <summary>How many frames have left.</summary>
    public int Sent { get; private set; }

    /// <summary>One connection, from its handshake to its end.</summary>
    public async Task CallAsync()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            // Closing resets the connection, so that thousands of them leave no ports waiting.
            LingerState = new LingerOption(true, 0),
        };
        await socket.ConnectAsync(at.Address, TestContext.Current.CancellationToken);
        Task drained = DrainAsync(socket);
        try
        {
            foreach (byte[] some in Conversation().Chunk(50).Select(static chunk => Join(chunk)))
            {
                for (int sent = 0; sent < some.Length;)
                    sent += await socket.SendAsync(some.AsMemory(sent));
            }

            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It was thrown out.
        }

        await drained.WithinReason();
    }

    private static byte[] Join(byte[][] frames) =>
        [.. frames.SelectMany(static frame => frame)];

    private static async Task DrainAsync(Socket socket)
    {
        byte[] some = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(some) > 0)
            {
                // What it says does not matter here.
            }
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }
    }

    private IEnumerable<byte[]> Conversation()
    {
        bool isPeer = random.Below(100) < PeersPercent;
        Hello hello = isPeer
            ? at.Peers[random.Below(at.Peers.Length)]
            : new Hello(ConnectionRole.Client, at.Cluster, default, default, "");
        byte[] greeting = WireFormat.Frame(FrameKind.Hello, hello.WriteTo).Written.ToArray();
        yield return Count(random.Chance(1, 20) ? Broken(greeting) : greeting);

        for (int count = 1; count < FramesPerConnection; count++)
        {
            byte[] payload = isPeer ? mutator.OfPeer() : mutator.OfClient();
            foreach (byte[] frame in random.Chance(1, 2000) ? InPieces(payload) : [Data(payload)])
                yield return Count(frame);
        }

        yield return Count(Last());
    }

    private byte[] Count(byte[] frame)
    {
        Sent++;
        return frame;
    }

    // A large frame, whole.
    private static IEnumerable<byte[]> InPieces(byte[] payload)
    {
        byte[] whole = new byte[200_000 + payload.Length];
        payload.CopyTo(whole, 0);
        FrameBuffer begin = new();
        WireFormat.WriteBegin(begin, whole.Length, whole.AsSpan(0, WireFormat.ChunkBytes));
        yield return begin.Written.ToArray();
        foreach (byte[] piece in whole[WireFormat.ChunkBytes..].Chunk(WireFormat.ChunkBytes))
            yield return FrameOf(FrameKind.More, piece);
    }

    // What ends a connection: nothing behind it is looked at.
    private byte[] Last() => random.Below(6) switch
    {
        0 => Data(mutator.OfPeer())[..^1],
        1 => Broken(Data(mutator.OfPeer())),
        2 => FrameOf((FrameKind)random.Below(256), mutator.Noise(100)),
        3 => Announcing((uint)random.Below(uint.MaxValue)),
        4 => mutator.Noise(5000),
        _ => FrameOf(FrameKind.Begin, mutator.Noise(100)),
    };

    private byte[] Broken(byte[] frame)
    {
        frame[random.Below(frame.Length)] ^= (byte)(1 << (int)random.Below(8));
        return frame;
    }

    private static byte[] Announcing(uint length)
    {
        byte[] header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, length);
        return header;
    }

    private static byte[] Data(byte[] payload) => payload.Length <= WireFormat.ChunkBytes
        ? FrameOf(FrameKind.Data, payload)
        : FrameOf(FrameKind.Data, payload.AsSpan(0, WireFormat.ChunkBytes));

    private static byte[] FrameOf(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        FrameBuffer frame = new();
        WireFormat.Write(frame, WireFormat.Prefix(kind, payload), payload);
        return frame.Written.ToArray();
    }
}
