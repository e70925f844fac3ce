using System.Net;
using System.Net.Sockets;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>Addresses as operators write them.</summary>
public static class Endpoints
{
    /// <summary>Whether the text is <c>host:port</c>, where host is a name, an IPv4 address or an
    /// IPv6 address in brackets, and port is one that others can call.</summary>
    public static bool IsAddress(string? text) =>
        text is not null
        && Addresses.TryParse(text) is IPEndPoint { Port: > 0 } or DnsEndPoint { Port: > 0 };

    /// <summary>The address to listen at; a name stands for its first address.</summary>
    /// <exception cref="TransportException">The name has none.</exception>
    internal static IPEndPoint ToListen(EndPoint endpoint)
    {
        if (endpoint is IPEndPoint address)
            return address;

        if (endpoint is DnsEndPoint name && FirstAddress(name.Host) is IPAddress found)
            return new IPEndPoint(found, name.Port);

        throw new TransportException(
            $"This node cannot listen at {Addresses.Text(endpoint)}: the name has no address here. "
            + "Correct it, or write the address itself.");
    }

    private static IPAddress? FirstAddress(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host).FirstOrDefault();
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
