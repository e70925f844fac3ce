using System.Net;
using System.Net.Sockets;
using Synod.Transport;

namespace Synod.Adapters.Tests.Hostile;

/// <summary>Listens where a member was, says it is that member, and takes whatever it is
/// sent.</summary>
internal sealed class FakePeer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly byte[] _welcome;

    public FakePeer(string address, in Hello hello)
    {
        Welcome welcome = new(hello.Cluster, hello.From);
        _welcome = WireFormat.Frame(FrameKind.Welcome, welcome.WriteTo).Written.ToArray();
        _listener = new TcpListener(IPEndPoint.Parse(address));
        _listener.Start();
        _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            byte[] some = new byte[16 * 1024];
            try
            {
                await socket.ReceiveAsync(some);
                await socket.SendAsync(_welcome);
                while (await socket.ReceiveAsync(some) > 0)
                {
                    // Thank you.
                }
            }
            catch (SocketException)
            {
                // It has had enough.
            }
        }
    }
}
