using System.Security.Authentication;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Carries out the acceptor's part of the handshake on one connection.</summary>
internal sealed class Reception(
    TcpTransportOptions options,
    Doorkeeper doorkeeper,
    TlsGate? tls,
    Welcome welcome,
    Seats seats,
    IReadOnlyDictionary<NodeId, PeerLink> links)
{
    private readonly RefusalNotices _notices = new(options.Events, options.Time);

    /// <summary>Who has come in, or null: refused, and told so. The connection is then
    /// closed.</summary>
    public async Task<Guest?> ReceiveAsync(Connection connection)
    {
        using CancellationTokenSource late = new(options.HandshakeTimeout, options.Time);
        using CancellationTokenRegistration closing = late.Token.Register(() => connection.Close(
            $"the handshake took longer than {options.HandshakeTimeout.TotalSeconds:0.#} s"));
        Guest? guest = null;
        try
        {
            (guest, Refusal? refusal) = await ExamineAsync(connection).ConfigureAwait(false);
            if (refusal is { } why)
                await RefuseAsync(connection, why).ConfigureAwait(false);
            else if (guest is not null)
                await WelcomeAsync(connection).ConfigureAwait(false);
            return guest;
        }
        catch (Exception failure) when (Failures.IsNetwork(failure))
        {
            connection.Close(Failures.Describe(failure));
            if (guest?.Member is { } member)
                links[member.Claim.Node].Ledger.Leave(member);
            else if (guest is not null)
                seats.Release();
            return null;
        }
    }

    /// <summary>Closes a connection that has waited longest, because there is no room for
    /// more.</summary>
    public void ShowOut(Connection connection)
    {
        Refusal refusal = doorkeeper.Crowded(options.HandshakesMax, connection.Remote);
        connection.Traffic.CountRefused();
        _notices.Tell(refusal, connection.RemoteEndPoint);
        connection.Expel(WireFormat.Frame(FrameKind.Refusal, refusal.WriteTo));
    }

    private async Task<(Guest? Guest, Refusal? Refusal)> ExamineAsync(Connection connection)
    {
        if (tls is not null && await SecureAsync(connection, tls).ConfigureAwait(false) is { } no)
            return (null, no);

        try
        {
            return await connection.ReadAsync().ConfigureAwait(false) is { } frame
                ? Examine(connection, frame)
                : (null, null);
        }
        catch (WireException)
        {
            return (null, doorkeeper.Stranger(connection.Unread, connection.Remote));
        }
    }

    private async Task<Refusal?> SecureAsync(Connection connection, TlsGate tls)
    {
        byte? first = await connection.PeekAsync().ConfigureAwait(false);
        if (first is null)
            throw new IOException("the other end closed the connection");

        if (first != TlsGate.FirstByte)
            return doorkeeper.Plain(connection.Remote);

        try
        {
            return await tls.AcceptAsync(connection, doorkeeper.Here).ConfigureAwait(false);
        }
        catch (AuthenticationException failure)
        {
            // Nothing can be said to who does not understand TLS as it is spoken here.
            _notices.Tell(
                new(
                    RefusalCode.WrongCertificate,
                    $"{connection.Remote} and {doorkeeper.Here} find no way to speak TLS: "
                    + Failures.Describe(failure)),
                connection.RemoteEndPoint);
            throw;
        }
    }

    private (Guest? Guest, Refusal? Refusal) Examine(Connection connection, in ReceivedFrame frame)
    {
        if (tls is not null && frame.Kind == FrameKind.Refusal
            && Refusal.TryRead(frame.Payload.Span, out Refusal theirs))
        {
            _notices.Tell(theirs, connection.RemoteEndPoint);
            connection.Close("refused by the dialler");
            return (null, null);
        }

        if (doorkeeper.Judge(frame, connection.Remote) is { } unreadable)
            return (null, unreadable);

        if (!Hello.TryRead(frame.Payload.Span, out Hello hello))
            return (null, doorkeeper.Stranger(frame.Payload.Span, connection.Remote));

        if (doorkeeper.Judge(hello, connection.RemoteEndPoint) is { } refusal)
            return (null, refusal);

        if (doorkeeper.Judge(connection.Certificate, hello, connection.Remote) is { } impostor)
            return (null, impostor);

        if (hello.Role == ConnectionRole.Client)
        {
            ClientRole role = connection.Certificate?.ClientRole ?? ClientRole.Admin;
            return seats.TryTake()
                ? (new Guest(null, role), null)
                : (null, doorkeeper.Full(seats.Max, connection.Remote));
        }

        string address = $"{connection.Remote} (listening at {hello.Listening})";
        PeerConnection entry = new(hello.From, connection, IsInbound: true, address);
        PeerLink link = links[hello.From.Node];
        if (link.Ledger.Admit(entry) is { } duplicate)
            return (null, duplicate);

        link.Called(Addresses.Heard(hello.Listening, connection.RemoteEndPoint));
        return (new Guest(entry, default), null);
    }

    private async Task WelcomeAsync(Connection connection)
    {
        connection.Establish(options.FrameBytesMax);
        await connection.WriteAsync(WireFormat.Frame(FrameKind.Welcome, welcome.WriteTo))
            .ConfigureAwait(false);
    }

    private async Task RefuseAsync(Connection connection, Refusal refusal)
    {
        connection.Traffic.CountRefused();
        _notices.Tell(refusal, connection.RemoteEndPoint);
        await connection.WriteAsync(WireFormat.Frame(FrameKind.Refusal, refusal.WriteTo))
            .ConfigureAwait(false);
        await connection.FinishAsync().ConfigureAwait(false);
        connection.Close("refused");
    }
}
