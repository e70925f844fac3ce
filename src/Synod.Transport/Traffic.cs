namespace Synod.Transport;

/// <summary>Counts what goes over all connections of one transport.</summary>
internal sealed class Traffic
{
    private long _bytesIn;
    private long _bytesOut;
    private long _framesDropped;
    private long _handshakesRefused;

    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    public long FramesDropped => Interlocked.Read(ref _framesDropped);

    public long HandshakesRefused => Interlocked.Read(ref _handshakesRefused);

    public void CountIn(int bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void CountOut(int bytes) => Interlocked.Add(ref _bytesOut, bytes);

    public void CountDropped() => Interlocked.Increment(ref _framesDropped);

    public void CountRefused() => Interlocked.Increment(ref _handshakesRefused);
}
