using System.Net.Sockets;
using System.Security.Authentication;

namespace Synod.Transport;

/// <summary>The failures of a network, in words.</summary>
internal static class Failures
{
    /// <summary>Whether a network is to blame, or the closing of a connection.</summary>
    public static bool IsNetwork(Exception failure) =>
        failure is IOException
            or SocketException
            or ObjectDisposedException
            or OperationCanceledException
            or AuthenticationException
            or WireException;

    /// <summary>What happened, without the types and numbers that say it twice.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        WireException => failure.Message,
        SocketException socket => Describe(socket.SocketErrorCode, socket.Message),
        IOException { InnerException: SocketException inner } =>
            Describe(inner.SocketErrorCode, inner.Message),
        AuthenticationException => $"no TLS: {(failure.InnerException ?? failure).Message}",
        OperationCanceledException or ObjectDisposedException => "the connection was closed",
        _ => failure.ToString(),
    };

    private static string Describe(SocketError code, string message) => code switch
    {
        SocketError.ConnectionRefused => "nothing listens there",
        SocketError.ConnectionReset or SocketError.Shutdown => "the other end reset the connection",
        SocketError.HostNotFound or SocketError.NoData => "the name is not known",
        SocketError.OperationAborted => "the connection was closed",
        _ => message,
    };
}
