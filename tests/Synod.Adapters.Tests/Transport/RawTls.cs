using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Speaks TLS with whatever certificate a test wants, or none, and believes
/// everyone.</summary>
internal sealed class RawTls : IDisposable
{
    private readonly TcpClient _client = new();
    private SslStream? _stream;

    /// <summary>Whose certificate the node shows.</summary>
    public string Shown => _stream?.RemoteCertificate?.Subject ?? "none";

    public string Place => Addresses.Text(_client.Client.LocalEndPoint);

    public static async Task<RawTls> DialAsync(EndPoint address, X509Certificate2? certificate)
    {
        RawTls raw = new();
        await raw._client.ConnectAsync((IPEndPoint)address, TestContext.Current.CancellationToken);
        raw._stream = new SslStream(raw._client.GetStream());
        await raw._stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ClientCertificates = certificate is null ? null : [certificate],
            RemoteCertificateValidationCallback =
                static (_, certificate, _, _) => certificate is not null,
        }).WithinReason();
        return raw;
    }

    public async Task SendAsync(byte[] bytes) =>
        await Stream().WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Reads one frame that is there whole.</summary>
    public async Task<(FrameKind Kind, RefusalCode Code, string Text)> AnswerAsync()
    {
        FrameReceiver receiver = new();
        ReceivedFrame frame;
        while (!receiver.TryNext(out frame))
        {
            int count = await Stream().ReadAsync(receiver.Room()).WithinReason();
            Assert.NotEqual(0, count);
            receiver.Received(count);
        }

        _ = Refusal.TryRead(frame.Payload.Span, out Refusal refusal);
        return frame.Kind == FrameKind.Refusal
            ? (frame.Kind, refusal.Code, refusal.Text)
            : (frame.Kind, RefusalCode.None, "");
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _client.Dispose();
    }

    private SslStream Stream() => _stream ?? throw new InvalidOperationException("not dialled");
}
