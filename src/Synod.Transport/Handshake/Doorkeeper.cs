using System.Net;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Decides who may come in, and says what is wrong, where, and what to do if not. Knows
/// nothing of who else is connected: that is <see cref="PeerLedger"/>.</summary>
/// <param name="cluster">The cluster of this node.</param>
/// <param name="self">This node.</param>
/// <param name="address">Where this node listens, for people.</param>
/// <param name="peers">From whom members are accepted.</param>
internal sealed class Doorkeeper(
    ClusterId cluster, Claim self, string address, IReadOnlyCollection<NodeId> peers)
{
    /// <summary>This node, for people.</summary>
    public string Here => $"{self.Node} at {address}";

    private string Peers => string.Join(", ", peers.OrderBy(static peer => peer.Number));

    /// <summary>What is wrong with someone who sent no Hello: bytes that are no frame, or another
    /// frame.</summary>
    public Refusal Stranger(ReadOnlySpan<byte> sent, string remote) => IsTls(sent) ? new(
        RefusalCode.NoTls,
        $"no TLS: {remote} speaks TLS and {Here} has none; configure Tls there, or none at the "
        + "caller") : new(
        RefusalCode.NotSynod,
        $"not a Synod peer: {remote} sent {Guess(sent)} to {Here}; only nodes and clients of Synod "
        + "can speak to this port, so correct the address there");

    /// <summary>What is wrong with someone who speaks without TLS to a node that has it.</summary>
    public Refusal Plain(string remote) => new(
        RefusalCode.TlsRequired,
        $"TLS required: {remote} speaks to {Here} without TLS; configure Tls at the caller, with a "
        + "certificate of this cluster");

    /// <summary>What a client is told when so many are connected that there is no
    /// room.</summary>
    public Refusal Full(int clientsMax, string remote) => new(
        RefusalCode.TooManyConnections,
        $"too many clients: {clientsMax} are connected to {Here}, so {remote} is refused; close "
        + "some, share connections, or raise ClientsMax");

    /// <summary>What the slowest one is told when too many are in their handshake.</summary>
    public Refusal Crowded(int handshakesMax, string remote) => new(
        RefusalCode.TooManyConnections,
        $"too many handshakes: {handshakesMax} others go on with {Here}, and that of {remote} has "
        + "taken longest; try again");

    /// <summary>What is wrong with a member whose certificate is not that of a member, or of
    /// another; or null.</summary>
    public Refusal? Judge(CertificateIdentity? certificate, in Hello hello, string remote)
    {
        if (certificate is null || hello.Role == ConnectionRole.Client)
            return null;

        return certificate.Roles.HasFlag(CertificateRoles.Member)
            ? TlsGate.Judge(certificate, hello.From.Node, remote)
            : new(
                RefusalCode.WrongRole,
                $"wrong role: {remote} speaks to {Here} as {hello.From.Node} and shows the "
                + $"certificate {certificate.Subject}, which allows {certificate.Roles}, not "
                + "Member; give each node one that names synod:member");
    }

    /// <summary>What is wrong with the first frame, or null.</summary>
    public Refusal? Judge(in ReceivedFrame frame, string remote)
    {
        ReadOnlySpan<byte> payload = frame.Payload.Span;
        if (frame.Kind != FrameKind.Hello || !payload.StartsWith(Hello.Magic))
            return Stranger(payload, remote);

        return frame.Version == WireFormat.Version ? null : new(
            RefusalCode.NewerFormat,
            $"newer format: {remote} speaks format {frame.Version} of the transport and {Here} "
            + $"speaks {WireFormat.Version}; upgrade {self.Node} first");
    }

    /// <summary>What is wrong with the Hello, or null.</summary>
    public Refusal? Judge(in Hello hello, EndPoint? from)
    {
        string remote = Addresses.Text(from);
        bool isAnyCluster = hello is { Role: ConnectionRole.Client, Cluster.Number: var number }
            && number == 0 && Addresses.IsLoopback(from);
        if (hello.Cluster != cluster && !isAnyCluster)
            return OtherCluster(hello.Cluster, remote);

        if (hello.Called != default && hello.Called != self.Node)
            return OtherNode(hello.Called, address);

        return hello.Role == ConnectionRole.Client ? null : JudgeMember(hello, remote);
    }

    /// <summary>What is wrong with a Welcome from the address of a peer, or null.</summary>
    public Refusal? Judge(in Welcome welcome, NodeId called, string remote)
    {
        if (welcome.Cluster != cluster)
            return OtherCluster(welcome.Cluster, remote);

        return welcome.From.Node == called ? null : new(
            RefusalCode.WrongNode,
            $"wrong node: {remote} is {welcome.From.Node}, not {called}; correct the address of "
            + $"{called} at {self.Node}");
    }

    private Refusal? JudgeMember(in Hello hello, string remote)
    {
        if (hello.From.Node == self.Node)
        {
            return new(
                RefusalCode.SameIdentity,
                $"two processes are {self.Node}: {self.Identity} at {address}, and {remote} "
                + $"(listening at {hello.Listening}) says it is {hello.From.Identity}; stop one of "
                + "them, or give it a node id of its own");
        }

        return peers.Contains(hello.From.Node) ? null : new(
            RefusalCode.UnknownNode,
            $"unknown node: {hello.From.Node} at {remote} is not a peer of {Here}, whose peers are "
            + $"{Peers}; add it there, or correct its node id");
    }

    private Refusal OtherCluster(ClusterId theirs, string remote) => new(
        RefusalCode.WrongCluster,
        $"wrong cluster: {remote} is of cluster {theirs} and {Here} is of cluster {cluster}; "
        + "correct the cluster id or the address");

    private Refusal OtherNode(NodeId called, string at) => new(
        RefusalCode.WrongNode,
        $"wrong node: {at} is {self.Node}, not {called}; correct the address of {called} at the "
        + "caller");

    // A TLS record: handshake, version 3.x.
    private static bool IsTls(ReadOnlySpan<byte> sent) =>
        sent.Length >= 3 && sent[0] == TlsGate.FirstByte && sent[1] == 3;

    private static string Guess(ReadOnlySpan<byte> sent)
    {
        ReadOnlySpan<byte> verb = sent[..Math.Max(0, sent.IndexOf((byte)' '))];
        bool isHttp = !verb.IsEmpty && verb.Length <= 7
            && !verb.ContainsAnyExceptInRange((byte)'A', (byte)'Z');
        return isHttp ? "an HTTP request" : "bytes of another protocol";
    }
}
