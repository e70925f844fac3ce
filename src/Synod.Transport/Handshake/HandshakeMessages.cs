using System.Text;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Who is at one end: a member with the boot and the random number of its process, which
/// tells two processes with copies of one data directory apart. Zeros for a client.</summary>
internal readonly record struct Claim(PeerIdentity Identity, ulong Process)
{
    public NodeId Node => Identity.Member.Node;

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteUInt32(Node.Number);
        buffer.WriteUInt64(Identity.Member.Incarnation.Number);
        buffer.WriteUInt64(Identity.Boot.Number);
        buffer.WriteUInt64(Process);
    }

    public static Claim Read(ref FrameReader reader)
    {
        NodeId node = new(reader.ReadUInt32());
        Incarnation incarnation = new(reader.ReadUInt64());
        Boot boot = new(reader.ReadUInt64());
        return new(new(new(node, incarnation), boot), reader.ReadUInt64());
    }
}

/// <summary>The dialler says who it is, whom it believes to call (0: anyone), and where it listens
/// itself (a hint, empty for a client).</summary>
internal readonly record struct Hello(
    ConnectionRole Role, ClusterId Cluster, Claim From, NodeId Called, string Listening)
{
    /// <summary>The bytes that every format of Synod begins its Hello with.</summary>
    public static ReadOnlySpan<byte> Magic => "SYNOD"u8;

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteBytes(Magic);
        buffer.WriteByte((byte)Role);
        buffer.WriteUInt128(Cluster.Number);
        From.WriteTo(buffer);
        buffer.WriteUInt32(Called.Number);
        buffer.WriteString(Listening);
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Hello hello)
    {
        FrameReader reader = new(payload);
        reader.Require(reader.ReadBytes(Magic.Length).SequenceEqual(Magic));
        byte role = reader.ReadByte();
        reader.Require(role is (byte)ConnectionRole.Member or (byte)ConnectionRole.Client);
        ClusterId cluster = new(reader.ReadUInt128());
        Claim from = Claim.Read(ref reader);
        NodeId called = new(reader.ReadUInt32());
        hello = new((ConnectionRole)role, cluster, from, called, reader.ReadString());
        reader.Require(hello.Role == ConnectionRole.Client || from.Node != default);
        reader.Require(hello.Listening.Length == 0
            || Addresses.TryParse(hello.Listening) is not null);
        return reader.IsComplete;
    }
}

/// <summary>The acceptor says who it is.</summary>
internal readonly record struct Welcome(ClusterId Cluster, Claim From)
{
    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteUInt128(Cluster.Number);
        From.WriteTo(buffer);
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Welcome welcome)
    {
        FrameReader reader = new(payload);
        ClusterId cluster = new(reader.ReadUInt128());
        welcome = new(cluster, Claim.Read(ref reader));
        return reader.IsComplete;
    }
}

/// <summary>The acceptor says what is wrong, where, and what to do. The text is the rest of the
/// payload: readable even to a stranger who knows no frames.</summary>
internal readonly record struct Refusal(RefusalCode Code, string Text)
{
    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteByte((byte)Code);
        buffer.WriteBytes(Encoding.UTF8.GetBytes(Text));
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Refusal refusal)
    {
        FrameReader reader = new(payload);
        byte code = reader.ReadByte();
        string text = Encoding.UTF8.GetString(reader.ReadBytes(reader.Remaining));

        // It will be printed, and whoever sent it may be a stranger too.
        refusal = new((RefusalCode)code, string.Concat(
            text.Select(static letter => char.IsControl(letter) ? ' ' : letter)));
        return reader.IsComplete;
    }
}
