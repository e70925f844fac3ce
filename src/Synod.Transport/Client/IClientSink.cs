using System.Buffers;

namespace Synod.Transport;

/// <summary>Takes what a connection of a client brings. Called by any thread, one call at a time:
/// <see cref="Connected"/> at most once, frames, then <see cref="Closed"/> exactly once.</summary>
public interface IClientSink
{
    /// <summary>The node has accepted: frames can leave.</summary>
    void Connected(in Greeting greeting);

    /// <summary>A frame; the bytes are valid during the call. Read on once the task is complete.
    /// </summary>
    ValueTask Frame(in ReadOnlySequence<byte> frame);

    /// <summary>The connection could not be made, was refused, or has ended. Nothing
    /// follows.</summary>
    void Closed(in Closure closure);
}
