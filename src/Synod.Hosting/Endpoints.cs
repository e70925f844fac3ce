using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Synod.Hosting;

/// <summary>Addresses as people write them.</summary>
public static class Endpoints
{
    /// <summary>Reads <c>host:port</c>, where host is a name, an IPv4 address or an IPv6 address in
    /// brackets.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EndPoint? endpoint)
    {
        endpoint = null;
        if (IPEndPoint.TryParse(text ?? "", out IPEndPoint? address) && address.Port > 0)
        {
            endpoint = address;
            return true;
        }

        int colon = (text ?? "").LastIndexOf(':');
        bool isName = colon > 0
            && int.TryParse(
                text.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int port)
            && port is > 0 and <= ushort.MaxValue
            && Uri.CheckHostName(text?[..colon]) == UriHostNameType.Dns;
        if (!isName || text is null)
            return false;

        endpoint = new DnsEndPoint(
            text[..colon], int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Reads <c>host:port</c>.</summary>
    /// <exception cref="FormatException">It is not one; says what it is.</exception>
    public static EndPoint Parse(string text) => TryParse(text, out EndPoint? endpoint)
        ? endpoint
        : throw new FormatException($"'{text}' is not an address: write host:port.");

    /// <summary>The address to listen at; a name stands for its first address.</summary>
    internal static IPEndPoint ToListen(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint address => address,
        DnsEndPoint name => new IPEndPoint(Dns.GetHostAddresses(name.Host)[0], name.Port),
        _ => throw new FormatException($"'{endpoint}' is not an address to listen at."),
    };
}
