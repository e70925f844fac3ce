using System.Globalization;
using System.Net;

namespace Synod.Transport;

/// <summary>Addresses as text, <c>host:port</c>. A host name stays a name, so that it is resolved
/// anew whenever it is dialled.</summary>
public static class Addresses
{
    /// <summary>An <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</summary>
    /// <exception cref="FormatException">The text is no <c>host:port</c>.</exception>
    public static EndPoint Parse(string text) =>
        TryParse(text) ?? throw new FormatException(
            $"'{text}' is no address; write host:port, as in 127.0.0.1:7001 or [::1]:7001");

    /// <summary>An <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>, or null.</summary>
    public static EndPoint? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !TryParsePort(text.AsSpan(colon + 1), out ushort port))
            return null;

        string host = text[..colon];
        if (IPAddress.TryParse(host, out IPAddress? address))
            return host.Contains(':') && host[0] != '[' ? null : new IPEndPoint(address, port);
        return Uri.CheckHostName(host) == UriHostNameType.Dns ? new DnsEndPoint(host, port) : null;
    }

    /// <summary>The address as <see cref="Parse"/> reads it; IPv4 always in its own form.</summary>
    public static string Text(EndPoint? address) => address switch
    {
        null => "an unknown address",
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped =>
            new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port).ToString(),
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        _ => address.ToString() ?? "",
    };

    /// <summary>Whether only processes of this machine can be at the other end.</summary>
    public static bool IsLoopback(EndPoint? address) => address switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint name => name.Host == "localhost",
        _ => false,
    };

    private static bool TryParsePort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);

    // The address that a peer says it listens at. Where it listens at every address, the one that
    // it calls from is the best guess.
    internal static EndPoint? Heard(string listening, EndPoint? remote) =>
        TryParse(listening) switch
        {
            { } address when !IsAny(address) => address,
            IPEndPoint any when any.Port != 0 && remote is IPEndPoint from =>
                new IPEndPoint(from.Address, any.Port),
            _ => null,
        };

    internal static bool IsAny(EndPoint address) =>
        address is IPEndPoint ip
        && (ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any));
}
