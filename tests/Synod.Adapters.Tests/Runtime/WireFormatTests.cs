using System.Runtime.CompilerServices;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

public sealed class WireFormatTests
{
    [Fact]
    public void The_bytes_of_every_frame_are_as_reviewed()
    {
        string file = Path.Combine(Folder(), "WireFormat.txt");
        string now = string.Concat(Samples().Select(static sample =>
            $"{sample.Name} {Convert.ToHexStringLower(sample.Bytes)}\n"));
        if (Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1")
            File.WriteAllText(file, now);

        Assert.Equal(File.ReadAllText(file), now);
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Samples()
    {
        yield return ("node-frame", Bytes(static buffer => new NodeFrame(
            NodeFrameKind.Kernel, new GroupId(1), new EpochId(2, new Lineage(3))).WriteTo(buffer)));
        yield return ("ping", Bytes(static buffer =>
            new NodePing(new Instant(7)).WriteTo(buffer)));
        yield return ("request", Bytes(static buffer =>
            new RequestHead(7, new GroupId(1), RequestKind.Query).WriteTo(buffer)));
        yield return ("envelope", Bytes(static buffer => new Envelope
        {
            Identity = new CommandIdentity(new SessionId(1, 2), 4, 3),
            Acknowledged = 2,
            Key = "key"u8,
            Command = "add"u8,
        }.WriteTo(buffer)));
        yield return ("response", Bytes(static buffer =>
            new ResponseHead(7, new GroupId(1), ResponseKind.Applied).WriteTo(buffer)));
        yield return ("transfer", Bytes(static buffer =>
            new TransferRequest(new NodeId(2), IsCancel: false).WriteTo(buffer)));
        yield return ("transferred", Bytes(static buffer =>
            new TransferAnswer(TransferOutcome.Done, new NodeId(2)).WriteTo(buffer)));
        yield return ("watch", Bytes(static buffer => new WatchRequest(
            WatchMode.Persistent, 7, 8, new WatchToken(new Lineage(9), 10)).WriteTo(buffer)));
        yield return ("watch-use", Bytes(static buffer => new WatchUse(7, 8).WriteTo(buffer)));
        yield return ("watched", Bytes(static buffer => new WatchNews(
            WatchReason.DataChanged, true, false, new WatchToken(new Lineage(7), 8))
            .WriteTo(buffer)));
        yield return ("status", Bytes(static buffer => Status().WriteTo(buffer)));
    }

    [Fact]
    [Feature("B28")]
    public void A_status_is_read_as_it_was_written()
    {
        ReplicaStatus[] all = [Status(), Status() with { Unresponsive = null, Poison = null }];

        foreach (ReplicaStatus written in all)
        {
            FrameReader reader = new(Bytes(written.WriteTo));
            ReplicaStatus read = ReplicaStatus.ReadFrom(ref reader);

            Assert.True(reader.IsComplete);
            Assert.Equal(written.Members, read.Members);
            Assert.Equal(written.Unresponsive, read.Unresponsive);
            Assert.Equal(
                written with { Members = [], Unresponsive = null },
                read with { Members = [], Unresponsive = null });
        }
    }

    [Fact]
    public void No_byte_of_a_status_may_be_missing()
    {
        byte[] whole = Bytes(static buffer => Status().WriteTo(buffer));

        for (int length = 0; length < whole.Length; length++)
        {
            FrameReader reader = new(whole.AsSpan(0, length));
            _ = ReplicaStatus.ReadFrom(ref reader);
            Assert.False(reader.IsComplete && length < whole.Length);
            Assert.False(reader.IsValid);
        }
    }

    // No two numbers are equal, so that none can stand for another.
    private static ReplicaStatus Status() => new()
    {
        Group = new GroupId(1),
        Node = new NodeId(2),
        Incarnation = new Incarnation(3),
        Boot = new Boot(4),
        Life = new Life(5),
        Uptime = TimeSpan.FromTicks(6),
        Role = KernelRole.Leading,
        Leader = new NodeId(7),
        Protocol = "raft",
        Epoch = new EpochId(8, new Lineage(9)),
        Members = [new MemberIdentity(new NodeId(10), new Incarnation(11))],
        Unresponsive = [new NodeId(12)],
        Machine = "counter",
        MachineVersion = 13,
        MachineFailure = "it failed",
        Durability = Durability.Memory,
        Term = 14,
        Last = 15,
        Committed = 16,
        Durable = 17,
        FirstKept = 18,
        Snapshot = 19,
        Applied = 20,
        Digest = 21,
        Sessions = 22,
        Watches = 23,
        PendingRequests = 24,
        PendingBytes = 25,
        Pressure = StoragePressure.High,
        Health = KernelHealth.Damaged,
        Log = LogNow(),
        Poison = "the disk",
    };

    private static LogStatus LogNow() => new()
    {
        Segments = 26,
        Bytes = 27,
        RoomBytes = 28,
        CapacityBytes = 29,
        Damage = "a record",
    };

    private static byte[] Bytes(Action<FrameBuffer> write)
    {
        FrameBuffer buffer = new();
        write(buffer);
        return buffer.Written.ToArray();
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetDirectoryName(file) ?? "";
}
