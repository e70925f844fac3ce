using System.Net;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>The connection that this node dials to one peer, to send on: dialled again for ever,
/// one try at a time. Whatever happens to it, other peers do not notice.</summary>
internal sealed class PeerLink(NodeId peer, PeerLinkContext context) : IDisposable
{
    private const int ToldMax = 100;

    private readonly TcpTransportOptions _options = context.Options;
    private readonly SeededRandom _jitter = new(context.Hello.From.Process ^ peer.Number);
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _called = NewSignal();
    private volatile Connection? _connection;
    private volatile EndPoint? _heard;
    private PeerIdentity _identity;
    private TimeSpan _pause = context.Options.RedialMin;
    private readonly HashSet<string> _told = [];
    private long _tries;

    /// <summary>What is known of the peer's processes.</summary>
    public PeerLedger Ledger { get; } = new(peer);

    /// <summary>Whether frames to the peer can leave.</summary>
    public bool IsConnected => _connection is { IsClosed: false };

    /// <summary>How many bytes wait for the peer.</summary>
    public long QueuedBytes => _connection?.QueuedBytes ?? 0;

    /// <summary>Queues a frame and returns the connection if it is to be flushed; a frame that
    /// cannot be queued is dropped and counted.</summary>
    public Connection? Send(ReadOnlySpan<byte> frame, ulong flow)
    {
        Connection? connection = _connection;
        if (connection is not null && connection.TrySend(frame, flow))
            return connection.TryMark() ? connection : null;

        context.Traffic.CountDropped();
        if (connection is { IsClosed: false } && connection.TryMarkFull())
        {
            Notice(
                NoticeKind.QueueFull,
                $"{_options.PeerQueueBytesMax} bytes wait for {peer} at {connection.Remote}; "
                + "frames to it are dropped until it takes some");
        }

        return null;
    }

    /// <summary>The peer has called: it is alive, and has said where it listens. Redials at once if
    /// there is no connection.</summary>
    public void Called(EndPoint? listening)
    {
        if (listening is not null)
            _heard = listening;
        if (_connection is null)
            _called.TrySetResult();
    }

    /// <summary>Dials until the link is stopped.</summary>
    public async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await TryAsync().ConfigureAwait(false);
            await PauseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connection and dials no more.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        _connection?.Close("this node stops");
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task TryAsync()
    {
        _called = NewSignal();
        if (NextAddress() is not { } address)
        {
            TellOnce(NoticeKind.PeerUnreachable, "", $"the address of {peer} is not known");
            return;
        }

        Dialled dialled = await context.Dialler
            .DialAsync(address, context.Hello with { Called = peer }, _stopping.Token)
            .ConfigureAwait(false);
        if (dialled.Connection is not { } connection)
        {
            TellFailure(dialled.Refusal, address);
            return;
        }

        using (connection)
            await ServeAsync(connection, dialled).ConfigureAwait(false);
    }

    private async Task ServeAsync(Connection connection, Dialled dialled)
    {
        PeerConnection entry = new(
            dialled.Welcome.From, connection, IsInbound: false, connection.Remote);
        Refusal? refusal =
            context.Doorkeeper.Judge(dialled.Welcome, peer, connection.Remote)
            ?? Ledger.Admit(entry);
        if (refusal is { } why)
        {
            TellFailure(why, connection.RemoteEndPoint);
            return;
        }

        Up(entry, dialled.RoundTrip);
        await connection.RunAsync(static _ => throw new WireException(
            "data came over a connection that only this end sends on")).ConfigureAwait(false);
        Down(entry);
    }

    private void Up(PeerConnection entry, TimeSpan roundTrip)
    {
        _identity = entry.Claim.Identity;
        _pause = _options.RedialMin;
        _told.Clear();
        _connection = entry.Connection;
        context.Sink.PeerUp(_identity, roundTrip);
        if (_stopping.IsCancellationRequested)
            entry.Connection.Close("this node stops");
        Notice(
            NoticeKind.PeerConnected, $"the connection to {_identity} at {entry.Address} is up");
    }

    private void Down(PeerConnection entry)
    {
        _connection = null;
        Ledger.Leave(entry);
        context.Sink.PeerDown(peer);
        Notice(
            NoticeKind.PeerLost,
            $"the connection to {_identity} at {entry.Address} is lost: {entry.Connection.Reason}");
    }

    // Where the peer is said to be and where it says it is, by turns if they differ.
    private EndPoint? NextAddress()
    {
        EndPoint? resolved = _options.Resolve(peer);
        EndPoint? heard = _heard;
        return resolved is null || (heard is not null && _tries++ % 2 == 1) ? heard : resolved;
    }

    // Not even a peer that calls all the time is dialled more often than once per shortest pause.
    private async Task PauseAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;

        await Task.Delay(_options.RedialMin, _options.Time, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TimeSpan rest = _pause - _options.RedialMin + _jitter.Below(_pause / 2);
        Task called = _called.Task;
        await called.WaitAsync(rest, _options.Time, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        TimeSpan longer = _pause * 2 < _options.RedialMax ? _pause * 2 : _options.RedialMax;
        _pause = called.IsCompletedSuccessfully ? _options.RedialMin : longer;
    }

    private void TellFailure(in Refusal refusal, EndPoint? address)
    {
        if (_stopping.IsCancellationRequested)
            return;

        string place = Addresses.Text(address);
        if (refusal.Code == RefusalCode.None)
        {
            string text = $"{peer} at {place} is unreachable: {refusal.Text}";
            TellOnce(NoticeKind.PeerUnreachable, text, text);
        }
        else
        {
            // The text holds the port that was dialled from, and so is another at every try.
            TellOnce(NoticeKind.RefusedByPeer, $"{refusal.Code} {place}", refusal.Text);
        }
    }

    // The same again is no news, until there was a connection.
    private void TellOnce(NoticeKind kind, string key, string text)
    {
        if (_told.Count >= ToldMax)
            _told.Clear();
        if (_told.Add(key))
            Notice(kind, text);
    }

    private void Notice(NoticeKind kind, string text) =>
        _options.Events?.Noticed(new(kind, peer, text));
}
