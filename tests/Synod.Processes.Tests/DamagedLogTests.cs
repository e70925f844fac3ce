using Synod.Abstractions;
using Synod.Cli.Demo;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Processes.Tests;

/// <summary>Logs that are not what they were.</summary>
public class DamagedLogTests
{
    private const int SectorBytes = 512;
    private const string FirstSegment = "000000000001-0001.log";

    [Fact]
    [Feature("C05")]
    public async Task A_follower_with_a_damaged_log_says_so_is_repaired_and_counts()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster);
        await counting.SucceedAsync();
        int leader = await cluster.LeaderAsync();
        int victim = (leader % 3) + 1;
        cluster[victim].Terminate();
        Assert.Equal(0, await cluster[victim].ExitAsync());
        Flip(cluster.Data(victim));

        SynodProcess node = cluster.Start(victim);
        await node.LineAsync("The log is damaged at");
        await node.LineAsync("are lost in the damage");
        await node.LineAsync("does not lead and is not counted until the leader has repaired it");
        await node.LineAsync("is repaired and counts again");

        // Without another one it is needed for every command.
        int other = cluster.Nodes.First(number => number != victim && number != leader);
        cluster[other].Kill();
        await counting.SucceedAsync();
        cluster.Start(other);
        await cluster.ServesAsync(other);
        await counting.SucceedAsync();
        await counting.CheckAsync();
        await cluster.AgreeAsync();
        string damaged = await ReadAsync(cluster, victim);
        Assert.Equal(damaged, await ReadAsync(cluster, other));

        // What was lost stays lost, and what was repaired stays so.
        cluster[victim].Terminate();
        Assert.Equal(0, await cluster[victim].ExitAsync());
        node = cluster.Start(victim);
        await cluster.ServesAsync(victim);
        await cluster.AgreeAsync();
        Assert.Contains("damaged in 1 places", await node.LineAsync("records in the log"));
        Assert.DoesNotContain("is not counted", node.Said, StringComparison.Ordinal);
    }

    [Fact]
    [Feature("C06")]
    public async Task A_log_that_is_cut_at_any_sector_of_its_last_frames_opens_without_complaint()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster);
        await counting.SucceedAsync();
        int victim = (await cluster.LeaderAsync() % 3) + 1;
        cluster[victim].Kill();
        string log = Path.Combine(cluster.Data(victim), "log");
        byte[] whole = await File.ReadAllBytesAsync(
            Path.Combine(log, FirstSegment), TestContext.Current.CancellationToken);
        Frames frames = new(whole);

        string copy = Directory.CreateTempSubdirectory("synod-cut").FullName;
        Assert.True(frames.End > frames.DurableThrough);
        for (long cut = frames.DurableThrough; cut < frames.End; cut += SectorBytes)
            Assert.Equal((0, 0L), Open(copy, whole.AsSpan(0, (int)cut)));
        Directory.Delete(copy, recursive: true);

        Blank(Path.Combine(log, FirstSegment), frames.DurableThrough, frames.End);
        cluster.Start(victim);
        await cluster.ServesAsync(victim);
        await counting.SucceedAsync();
        await counting.CheckAsync();
        await cluster.AgreeAsync();
        Assert.DoesNotContain("damaged", cluster[victim].Said, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(TestCluster cluster, int node)
    {
        SynodResult read =
            await cluster.RunAsync($"counter get {CountingClient.Key} --local", node);
        Assert.Equal(("", 0), (read.Errors, read.Code));
        return read.Output;
    }

    private static void Blank(string path, long from, long to)
    {
        using FileStream file = File.OpenWrite(path);
        file.Position = from;
        file.Write(new byte[to - from]);
    }

    // A byte of a command, in the middle of what was durable.
    private static void Flip(string data)
    {
        string path = Path.Combine(data, "log", FirstSegment);
        byte[] bytes = File.ReadAllBytes(path);
        Frames frames = new(bytes);
        LogPosition middle = frames.Commands[frames.Commands.Count / 2];
        Assert.True(middle.Bytes < frames.DurableThrough);
        using FileStream file = File.OpenWrite(path);
        file.Position = middle.Bytes + 60;
        file.WriteByte((byte)(bytes[middle.Bytes + 60] ^ 1));
    }

    private static (int Damage, long Lost) Open(string directory, ReadOnlySpan<byte> left)
    {
        foreach (string file in Directory.GetFiles(directory))
            File.Delete(file);
        FileLogOptions options = new() { SegmentBytes = 256 << 10, FrameBytesMax = 64 << 10 };
        byte[] segment = new byte[(left.Length / (64 << 10) * (64 << 10)) + (1 << 20)];
        left.CopyTo(segment);
        File.WriteAllBytes(Path.Combine(directory, FirstSegment), segment);

        using FileBlockDevice device = FileBlockDevice.Open(directory);
        using FileLog opened = FileLog.Open(device, options, static () => { });
        Told told = new();
        opened.Replay(told);
        return (opened.Damage.Count, told.Lost);
    }

    /// <summary>What stands in the first segment.</summary>
    private sealed class Frames : ILogVisitor
    {
        public Frames(ReadOnlySpan<byte> bytes)
        {
            while (LogFrames.TryShow(bytes[(int)End..], this, out LogFrame frame))
            {
                DurableThrough = Math.Max(DurableThrough, frame.DurableThrough.Bytes);
                End = frame.End.Bytes;
            }
        }

        public long End { get; private set; }

        public long DurableThrough { get; private set; }

        public List<LogPosition> Commands { get; } = [];

        public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
        {
            if (header.Owner == RecordOwner.Kernel && !header.IsStatement)
                Commands.Add(position);
        }

        public void Released(in LogFloor floor) => Assert.Fail($"{floor}");

        public void Lost(in LostRecords lost) => Assert.Fail($"{lost}");
    }

    private sealed class Told : ILogVisitor
    {
        public long Lost { get; private set; }

        public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
        {
        }

        void ILogVisitor.Released(in LogFloor floor) => Assert.Fail($"{floor}");

        void ILogVisitor.Lost(in LostRecords lost) => Lost++;
    }
}
