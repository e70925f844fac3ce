using System.Net;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>Addresses as operators write them.</summary>
public static class Endpoints
{
    /// <summary>Whether the text is <c>host:port</c>, where host is a name, an IPv4 address or an
    /// IPv6 address in brackets.</summary>
    public static bool IsAddress(string? text) =>
        text is not null && Addresses.TryParse(text) is not null;

    /// <summary>The address to listen at; a name stands for its first address.</summary>
    internal static IPEndPoint ToListen(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint address => address,
        DnsEndPoint name => new IPEndPoint(Dns.GetHostAddresses(name.Host)[0], name.Port),
        _ => throw new FormatException($"'{endpoint}' is not an address to listen at."),
    };
}
