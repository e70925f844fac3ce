namespace Synod.Transport;

/// <summary>One connection of a client to one node, made once. After its end a client makes another
/// one. Safe for use from several threads; no call blocks.</summary>
public interface IClientConnection : IDisposable
{
    /// <summary>The largest frame, in bytes.</summary>
    int FrameBytesMax { get; }

    /// <summary>Begins to connect; the sink is called from now on, perhaps before this returns.
    /// Called once.</summary>
    void Start();

    /// <summary>Queues a frame; copies it. False: it will not leave, because the connection is not
    /// up, or too much waits.</summary>
    bool Send(ReadOnlySpan<byte> frame);

    /// <summary>Hands what was queued to the network.</summary>
    void Flush();
}
