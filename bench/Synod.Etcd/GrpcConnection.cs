using System.Net;
using System.Net.Http.Headers;

namespace Synod.Etcd;

/// <summary>Unary calls of gRPC over one HTTP/2 connection without encryption.</summary>
internal sealed class GrpcConnection(string address) : IDisposable
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    // One connection however many calls are under way: that is what is compared.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        EnableMultipleHttp2Connections = false,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });

    private readonly Uri _root = new($"http://{address}");

    /// <summary>Sends a message and returns the one that is answered.</summary>
    public async Task<byte[]> CallAsync(
        string method, EtcdRequest request, CancellationToken cancellation)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, new Uri(_root, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(request.Frame),
        };
        message.Content.Headers.ContentType = ContentType;
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        try
        {
            using HttpResponseMessage response =
                await _http.SendAsync(message, cancellation).ConfigureAwait(false);
            byte[] frame = await response.Content.ReadAsByteArrayAsync(cancellation)
                .ConfigureAwait(false);
            Check(response);
            return frame[EtcdRequest.HeadBytes..];
        }
        catch (HttpRequestException cause)
        {
            throw new EtcdException($"{address} does not answer: {cause.Message}", cause);
        }
    }

    public void Dispose() => _http.Dispose();

    // Without a body, what follows it stands in the head.
    private void Check(HttpResponseMessage response)
    {
        string? status = Find(response.TrailingHeaders, "grpc-status")
            ?? Find(response.Headers, "grpc-status");
        if (status == "0")
            return;

        string reason = Find(response.TrailingHeaders, "grpc-message")
            ?? Find(response.Headers, "grpc-message")
            ?? response.StatusCode.ToString();
        throw new EtcdException($"{address} answers {status}: {reason}");
    }

    private static string? Find(HttpHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values)
            ? values.FirstOrDefault()
            : null;
}
