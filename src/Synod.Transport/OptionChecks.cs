namespace Synod.Transport;

/// <summary>Options that cannot work are refused before anything begins.</summary>
internal static class OptionChecks
{
    public static void Check(TcpTransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options.Cluster != default, "Cluster is zero: give the cluster a random id.");
        Require(options.Self.Member.Node != default, "Self is no node: ids begin at 1.");
        Require(
            !options.Peers.Contains(options.Self.Member.Node),
            "Peers holds this node itself; it names the others.");
        Require(
            options.Peers.Distinct().Count() == options.Peers.Count,
            "Peers holds a node twice.");
        Require(options.FrameBytesMax > 0, "FrameBytesMax is not positive.");
        Require(options.PeerQueueBytesMax > 0, "PeerQueueBytesMax is not positive.");
        Require(options.ClientQueueBytesMax > 0, "ClientQueueBytesMax is not positive.");
        Require(options.ClientsMax > 0, "ClientsMax is not positive.");
        Require(options.HandshakesMax > 0, "HandshakesMax is not positive.");
        Require(options.HandshakeTimeout > TimeSpan.Zero, "HandshakeTimeout is not positive.");
        Require(options.RedialMin > TimeSpan.Zero, "RedialMin is not positive.");
        Require(options.RedialMax >= options.RedialMin, "RedialMax is less than RedialMin.");
        Require(
            options.Advertise is null || Addresses.TryParse(options.Advertise) is not null,
            $"Advertise is '{options.Advertise}'; write host:port.");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new ArgumentException(otherwise);
    }
}
