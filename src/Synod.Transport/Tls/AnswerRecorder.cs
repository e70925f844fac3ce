using System.Net.Sockets;

namespace Synod.Transport;

/// <summary>The stream under TLS of a dialler: keeps what comes first, because an end without TLS,
/// or one that has no room, answers with a refusal in plain words.</summary>
internal sealed class AnswerRecorder(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private byte[]? _kept = new byte[WireFormat.HandshakeBodyBytesMax];
    private int _count;

    /// <summary>The refusal that came instead of TLS, or null.</summary>
    public Refusal? FindRefusal()
    {
        FrameReceiver receiver = new();
        _kept.AsMemory(0, _count).CopyTo(receiver.Room());
        receiver.Received(_count);
        try
        {
            bool isOne = receiver.TryNext(out ReceivedFrame frame)
                & Refusal.TryRead(frame.Payload.Span, out Refusal refusal);
            return isOne && frame.Kind == FrameKind.Refusal ? refusal : null;
        }
        catch (WireException)
        {
            return null;
        }
    }

    /// <summary>TLS has begun: nothing is kept any more.</summary>
    public void Stop() => _kept = null;

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _kept is null
            ? base.ReadAsync(buffer, cancellationToken)
            : KeepAsync(_kept, buffer, cancellationToken);

    private async ValueTask<int> KeepAsync(
        byte[] kept, Memory<byte> buffer, CancellationToken cancellation)
    {
        int count = await base.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        int some = Math.Min(count, kept.Length - _count);
        buffer.Span[..some].CopyTo(kept.AsSpan(_count));
        _count += some;
        return count;
    }
}
