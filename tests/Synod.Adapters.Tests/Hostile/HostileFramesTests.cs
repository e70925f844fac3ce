using System.Diagnostics;
using System.Globalization;
using System.Net;
using Synod.Adapters.Tests.Transport;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Transport;

namespace Synod.Adapters.Tests.Hostile;

/// <summary>Anything may be said to a node, by peers too. More of it:
/// SYNOD_FRAMES=1000000 SYNOD_SEED=7 dotnet test …</summary>
[Collection(Alone.Name)]
public class HostileFramesTests
{
    private const int FramesPerStatus = 2_000;
    private const long BytesMax = 160 << 20;

    private static readonly ulong Seed = ulong.Parse(
        Environment.GetEnvironmentVariable("SYNOD_SEED") ?? "1", CultureInfo.InvariantCulture);

    private static readonly int Frames = int.Parse(
        Environment.GetEnvironmentVariable("SYNOD_FRAMES") ?? "20000",
        CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_node_takes_hostile_frames_and_goes_on_with_its_state_as_it_was()
    {
        await using Victims victims = new();
        long kept = await LiveAsync(victims);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();

        using (new FakePeer(victims.Addresses[1], victims.Tap.HelloOf(2)))
        using (new FakePeer(victims.Addresses[2], victims.Tap.HelloOf(3)))
            await AttackAsync(victims);

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"SYNOD_SEED={Seed} SYNOD_FRAMES={Frames}: {time.TotalSeconds:0.0} s, memory grew by "
            + $"{grown >> 10} KiB, status {await victims.AskAsync(1)}");
        Assert.False(victims[1].Ended.IsCompleted);
        Assert.InRange(grown, long.MinValue, BytesMax);

        victims.Start(2);
        victims.Start(3);
        Assert.Equal(kept + 1, await victims.AddAsync("kept", 1));
    }

    [Fact]
    public async Task A_leader_takes_what_hostile_clients_send_and_the_count_is_right()
    {
        await using Victims victims = new();
        long kept = await LiveAsync(victims);
        victims.Start(2);
        victims.Start(3);
        kept = await victims.AddAsync("kept", 1);
        int leader = 0;
        for (int asked = 0; leader == 0; asked++)
        {
            leader = (int)(await victims.AskAsync(1)).Leader.Number;
            Assert.InRange(asked, 0, 10_000);
        }

        Mutator mutator = new(new SeededRandom(Seed), victims.Tap.Data);
        Attacker attacker = NewAttacker(victims, leader, mutator, peersPercent: 0);
        while (attacker.Sent < Frames / 4)
            await attacker.CallAsync();

        Assert.False(victims[leader].Ended.IsCompleted);
        Assert.Equal(kept + 1, await victims.AddAsync("kept", 1));
        ReplicaStatus status = await victims.AskAsync(leader);
        TestContext.Current.TestOutputHelper?.WriteLine($"SYNOD_SEED={Seed}: {status}");
        Assert.InRange(status.Applied, 65, long.MaxValue);
    }

    // Each of them leads and follows for a while, so that all kinds of frames are seen.
    private static async Task<long> LiveAsync(Victims victims)
    {
        for (int node = 1; node <= 3; node++)
            victims.Start(node);
        long kept = 0;
        for (int count = 0; count < 20; count++)
            kept = await victims.AddAsync("kept", count);
        await victims.StopAsync(1);
        for (int count = 0; count < 20; count++)
            await victims.AddAsync("attacked", count, 2, 3);
        victims.Start(1);
        for (int count = 0; count < 20; count++)
            await victims.AddAsync("attacked", count, 2, 3);
        for (int asked = 0; (await victims.AskAsync(1)).Applied < 60; asked++)
            Assert.InRange(asked, 0, 10_000);
        await victims.StopAsync(2);
        await victims.StopAsync(3);
        return kept;
    }

    private static async Task AttackAsync(Victims victims)
    {
        Mutator mutator = new(new SeededRandom(Seed), victims.Tap.Data);
        Attacker attacker = NewAttacker(victims, 1, mutator, peersPercent: 66);
        for (int asked = 0; attacker.Sent < Frames;)
        {
            if (attacker.Sent >= asked)
            {
                mutator.Term = (await victims.AskAsync(1)).Term;
                asked = attacker.Sent + FramesPerStatus;
            }

            await attacker.CallAsync();
            Assert.False(victims[1].Ended.IsFaulted, victims[1].Ended.Exception?.ToString());
        }
    }

    private static Attacker NewAttacker(
        Victims victims, int node, Mutator mutator, int peersPercent)
    {
        IPEndPoint address = IPEndPoint.Parse(victims.Addresses[node - 1]);
        Hello[] peers = [victims.Tap.HelloOf(2), victims.Tap.HelloOf(3)];
        return new(
            new SeededRandom(Seed + 1),
            mutator,
            (address, peers, ClusterName.ToId(Victims.Name)))
        {
            PeersPercent = peersPercent,
        };
    }
}
