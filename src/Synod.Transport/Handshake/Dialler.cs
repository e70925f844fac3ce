using System.Net;
using System.Net.Sockets;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Connects and carries out the dialler's part of the handshake.</summary>
internal sealed class Dialler(Traffic traffic)
{
    /// <summary>How long connecting and the handshake may take together.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The largest frame.</summary>
    public required int FrameBytesMax { get; init; }

    /// <summary>How much may wait to leave.</summary>
    public required int QueueBytesMax { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Does TLS; null without.</summary>
    public TlsGate? Tls { get; init; }

    /// <summary>Who dials, for people.</summary>
    public required string Self { get; init; }

    /// <summary>Never throws for a network's sake.</summary>
    public async Task<Dialled> DialAsync(
        EndPoint address, Hello hello, CancellationToken cancellation)
    {
        using CancellationTokenSource late = new(Timeout, Time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        Connection? connection = null;
        try
        {
            connection = await ConnectAsync(address, either.Token).ConfigureAwait(false);
            using CancellationTokenRegistration closing =
                either.Token.Register(() => connection.Close("the handshake was given up"));
            if (Tls is not null
                && await SecureAsync(Tls, connection).ConfigureAwait(false) is { } refusal)
            {
                connection.Dispose();
                return Dialled.Refused(refusal);
            }

            return await GreetAsync(connection, hello).ConfigureAwait(false);
        }
        catch (Exception failure) when (Failures.IsNetwork(failure))
        {
            connection?.Dispose();
            return Dialled.Failed(late.IsCancellationRequested
                ? $"no answer within {Timeout.TotalSeconds:0.#} s"
                : Failures.Describe(failure));
        }
    }

    private async Task<Connection> ConnectAsync(EndPoint address, CancellationToken cancellation)
    {
        Socket socket = address is IPEndPoint ip
            ? new(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return Tls is null
                ? new Connection(socket, QueueBytesMax, traffic)
                : new Connection(socket, new AnswerRecorder(socket), QueueBytesMax, traffic);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Who is not believed is told so, in place of a Hello.
    private async Task<Refusal?> SecureAsync(TlsGate tls, Connection connection)
    {
        try
        {
            if (await tls.DialAsync(connection, Self).ConfigureAwait(false) is not { } refusal)
                return null;

            await connection.WriteAsync(WireFormat.Frame(FrameKind.Refusal, refusal.WriteTo))
                .ConfigureAwait(false);
            await connection.FinishAsync().ConfigureAwait(false);
            return refusal;
        }
        catch (Exception failure)
            when (Failures.IsNetwork(failure) && connection.PlainRefusal is not null)
        {
            return connection.PlainRefusal;
        }
    }

    private async Task<Dialled> GreetAsync(Connection connection, Hello hello)
    {
        FrameBuffer frame = WireFormat.Frame(FrameKind.Hello, hello.WriteTo);
        long start = Time.GetTimestamp();
        await connection.WriteAsync(frame).ConfigureAwait(false);
        ReceivedFrame? answer = await connection.ReadAsync().ConfigureAwait(false);
        TimeSpan roundTrip = Time.GetElapsedTime(start);

        Dialled dialled = Understand(answer, connection.Remote);
        if (TlsGate.Judge(connection.Certificate, dialled.Welcome.From.Node, connection.Remote)
            is { } impostor && dialled.Refusal.Text is null)
        {
            dialled = Dialled.Refused(impostor);
        }

        if (dialled.Refusal.Text is not null)
        {
            connection.Dispose();
            return dialled;
        }

        connection.Establish(FrameBytesMax);
        return dialled with { Connection = connection, RoundTrip = roundTrip };
    }

    private static Dialled Understand(ReceivedFrame? answer, string remote)
    {
        if (answer is not { } frame)
            return Dialled.Failed("the other end closed the connection instead of answering");

        if (frame.Kind == FrameKind.Welcome && frame.Version == WireFormat.Version
            && Welcome.TryRead(frame.Payload.Span, out Welcome welcome))
        {
            return new() { Welcome = welcome };
        }

        if (frame.Kind == FrameKind.Refusal && Refusal.TryRead(frame.Payload.Span, out Refusal why))
            return Dialled.Refused(why);

        return Dialled.Refused(new(
            RefusalCode.NotSynod,
            $"not a Synod node: {remote} answers something else; correct the address"));
    }
}
