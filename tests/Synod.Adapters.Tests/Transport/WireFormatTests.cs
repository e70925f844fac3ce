using System.Text;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>The bytes on the wire are a text file, so that a change of them is reviewed.
/// SYNOD_UPDATE=1 rewrites it.</summary>
public class WireFormatTests
{
    private static readonly Claim Node3 =
        new(TestNode.Identity(3, boot: 4, incarnation: 0x00C0FFEE00C0FFEE), 0x0123456789ABCDEF);

    [Fact]
    public void The_wire_format_is_the_one_that_was_reviewed()
    {
        string actual = string.Concat(Samples());
        string path = Path.Combine(Root(), "tests/Synod.Adapters.Tests/Transport/WireFormat.txt");
        if (Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1")
            File.WriteAllText(path, actual);

        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void Every_message_of_the_handshake_is_read_as_it_was_written()
    {
        Assert.True(Hello.TryRead(PayloadOf(MemberHello().WriteTo), out Hello hello));
        Assert.True(Welcome.TryRead(PayloadOf(SampleWelcome().WriteTo), out Welcome welcome));
        Assert.True(Refusal.TryRead(PayloadOf(SampleRefusal().WriteTo), out Refusal refusal));

        Assert.Equal(MemberHello(), hello);
        Assert.Equal(SampleWelcome(), welcome);
        Assert.Equal(SampleRefusal(), refusal);
    }

    [Fact]
    public void No_message_of_the_handshake_is_read_from_fewer_or_more_bytes()
    {
        byte[] hello = PayloadOf(MemberHello().WriteTo);
        byte[] welcome = PayloadOf(SampleWelcome().WriteTo);

        for (int length = 0; length < hello.Length; length++)
            Assert.False(Hello.TryRead(hello.AsSpan(0, length), out _));
        for (int length = 0; length < welcome.Length; length++)
            Assert.False(Welcome.TryRead(welcome.AsSpan(0, length), out _));
        Assert.False(Hello.TryRead([.. hello, 0], out _));
        Assert.False(Welcome.TryRead([.. welcome, 0], out _));
        Assert.False(Refusal.TryRead([], out _));
    }

    private static IEnumerable<string> Samples()
    {
        yield return "Frames of format 1: length u32, CRC-32C u32, version u8, kind u8, payload.\n";
        yield return Sample("Hello of a member", FrameKind.Hello, MemberHello().WriteTo);
        Hello client = new(ConnectionRole.Client, TestNode.Cluster, default, new(2), "");
        yield return Sample("Hello of a client", FrameKind.Hello, client.WriteTo);
        yield return Sample("Welcome", FrameKind.Welcome, SampleWelcome().WriteTo);
        yield return Sample("Refusal", FrameKind.Refusal, SampleRefusal().WriteTo);
        yield return Sample("Data", FrameKind.Data, static data => data.WriteBytes("synod"u8));
        yield return Sample("Ping", FrameKind.Ping, static _ => { });
        yield return Sample("Pong", FrameKind.Pong, static _ => { });
        yield return Sample("Begin, of 70000 bytes", FrameKind.Begin, static data =>
        {
            data.WriteUInt32(70_000);
            data.WriteBytes("syn"u8);
        });
        yield return Sample("More", FrameKind.More, static data => data.WriteBytes("od"u8));
    }

    private static Hello MemberHello() => new(
        ConnectionRole.Member, TestNode.Cluster, Node3, new(2), "127.0.0.1:7003");

    private static Welcome SampleWelcome() => new(TestNode.Cluster, Node3);

    private static Refusal SampleRefusal() => new(RefusalCode.WrongNode, "wrong node");

    private static string Sample(string name, FrameKind kind, Action<FrameBuffer> write)
    {
        StringBuilder text = new($"\n{name}\n");
        foreach (byte[] line in WireFormat.Frame(kind, write).Written.ToArray().Chunk(16))
        {
            IEnumerable<string> digits = line.Select(static value => value.ToString("x2"));
            text.Append("  ").AppendJoin(' ', digits).Append('\n');
        }

        return text.ToString();
    }

    private static byte[] PayloadOf(Action<FrameBuffer> write)
    {
        FrameBuffer payload = new();
        write(payload);
        return payload.Written.ToArray();
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Synod.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("No Synod.slnx above the tests.");
    }
}
