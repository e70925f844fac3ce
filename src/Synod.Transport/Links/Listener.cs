using System.Net;
using System.Net.Sockets;

namespace Synod.Transport;

/// <summary>Accepts sockets at one address.</summary>
internal sealed class Listener : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly TcpTransportOptions _options;
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Begins to listen.</summary>
    /// <exception cref="TransportException">It may not, or cannot.</exception>
    public Listener(TcpTransportOptions options)
    {
        _options = options;
        string place = Addresses.Text(options.Listen);
        bool isGuarded = options.Tls is not null || Addresses.IsLoopback(options.Listen);
        if (!isGuarded && !options.AllowInsecure)
        {
            throw new TransportException(
                $"{place} is reachable from other machines and there is no TLS: whoever reaches "
                + "the port could speak for a node. Configure Tls, or listen at 127.0.0.1, or "
                + "allow it with AllowInsecure where the network is trusted.");
        }

        _socket = new Socket(
            options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(options.Listen);
            _socket.Listen();
        }
        catch (SocketException failure)
        {
            _socket.Dispose();
            _stopping.Dispose();
            throw new TransportException(Explain(failure, place), failure)
            {
                IsTaken = failure.SocketErrorCode == SocketError.AddressAlreadyInUse,
            };
        }

        Bound = (IPEndPoint?)_socket.LocalEndPoint ?? options.Listen;
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public IPEndPoint Bound { get; }

    /// <summary>Accepts until it is stopped.</summary>
    public async Task RunAsync(Action<Socket> accepted)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                accepted(await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (Exception failure) when (Failures.IsNetwork(failure))
            {
                await PauseAsync(failure).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Accepts no more.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _stopping.Dispose();
    }

    private static string Explain(SocketException failure, string place) =>
        failure.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"the port of {place} is in use: another process listens there (find it with "
                + $"'ss -ltnp'). Stop it, or listen at another port; 0 takes any free one.",
            SocketError.AddressNotAvailable =>
                $"{place} is no address of this machine. Listen at one that it has.",
            SocketError.AccessDenied =>
                $"this process may not listen at {place}. Choose a port above 1023.",
            _ => $"cannot listen at {place}: {failure.Message}. Listen at another address.",
        };

    private async Task PauseAsync(Exception failure)
    {
        if (_stopping.IsCancellationRequested)
            return;

        _options.Events?.Noticed(new(
            NoticeKind.AcceptFailed,
            Peer: null,
            $"cannot accept at {Addresses.Text(Bound)} for now: {Failures.Describe(failure)}"));
        await Task.Delay(PauseAfterFailure, _options.Time, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
