using Synod.Abstractions;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Anything may arrive. Another seed: SYNOD_SEED=7 dotnet test …</summary>
[Collection(Alone.Name)]
public class FuzzTests
{
    private const int Frames = 20_000;
    private const int FramesPerConnection = 5;
    private const long BytesMax = 32 * 1024 * 1024;

    private static readonly ulong Seed =
        ulong.TryParse(Environment.GetEnvironmentVariable("SYNOD_SEED"), out ulong seed) ? seed : 1;

    private readonly SeededRandom _random = new(Seed);
    private readonly SeededRandomBytes _bytes = new(Seed);

    [Fact]
    public async Task A_listener_survives_mutated_and_truncated_frames_in_bounded_memory()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"SYNOD_SEED={Seed}");
        await using TestNode node = TestNode.Start(TestNode.Options(1) with { Events = null });
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int sent = 0; sent < Frames; sent += FramesPerConnection)
            await AttackAsync(node);

        TestClientSink sink = new();
        using ClientConnection client = new(new() { Address = node.Address }, sink);
        client.Start();
        await sink.ConnectedAsync;
        client.Send("after all that"u8);
        client.Flush();
        (ConnectionId last, _) = await node.Sink.Clients.FirstAsync(
            static frame => frame.Bytes.AsSpan().SequenceEqual("after all that"u8));
        await node.Sink.News.CountAsync((int)last.Number - 1);

        Assert.InRange(last.Number, 1000, Frames);
        Assert.Equal(1, node.Transport.ClientsCount);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before <= BytesMax);
    }

    private async Task AttackAsync(TestNode node)
    {
        using RawPeer peer = await RawPeer.DialAsync(node.Address);
        List<byte> all = [];
        bool isMember = _random.Chance(1, 2);
        byte[] hello = RawPeer.FrameOf(isMember ? RawPeer.Member(2) : RawPeer.Client());
        all.AddRange(_random.Chance(1, 2) ? hello : Mutate(hello));
        for (int count = 1; count < FramesPerConnection; count++)
        {
            byte[] payload = new byte[_random.Below(200)];
            _bytes.Fill(payload);
            FrameKind kind = (FrameKind)(1 + _random.Below(6));
            byte[] frame = RawPeer.FrameOf(_random.Chance(1, 2) ? FrameKind.Data : kind, payload);
            all.AddRange(_random.Chance(1, 3) ? frame : Mutate(frame));
        }

        await peer.SendAsync(all.ToArray());
        peer.FinishSending();
        await peer.ReadToEndAsync();
    }

    private byte[] Mutate(byte[] frame)
    {
        for (long flips = 1 + _random.Below(4); flips > 0; flips--)
            frame[_random.Below(frame.Length)] ^= (byte)(1 << (int)_random.Below(8));
        if (_random.Chance(1, 8))
            return frame[..(int)_random.Below(frame.Length)];

        if (_random.Chance(1, 2))
            RawPeer.Mend(frame);
        return frame;
    }
}
