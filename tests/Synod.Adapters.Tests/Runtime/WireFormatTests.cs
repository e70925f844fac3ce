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
            new ResponseHead(7, ResponseKind.Applied).WriteTo(buffer)));
        yield return ("status", Bytes(static buffer => Status().WriteTo(buffer)));
    }

    private static ReplicaStatus Status() => new()
    {
        Node = new NodeId(1),
        Role = KernelRole.Leading,
        Leader = new NodeId(1),
        Protocol = "raft",
        Epoch = new EpochId(2, new Lineage(3)),
        Members = [new MemberIdentity(new NodeId(1), new Incarnation(9))],
        Term = 4,
        Last = 5,
        Committed = 6,
        Applied = 7,
        Digest = 8,
        Pressure = StoragePressure.High,
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
