namespace Synod.Transport;

/// <summary>One direction of one connection of an <see cref="InProcessNetwork"/>. Its state is
/// guarded by the network's lock.</summary>
internal sealed class Lane(Func<ReadOnlyMemory<byte>, ValueTask> deliver, bool hasFaults)
{
    /// <summary>Whether the network's faults may hit it.</summary>
    public bool HasFaults => hasFaults;

    /// <summary>A frame is with the receiver; the next one waits.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Nothing is delivered any more.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Hands a frame to the receiver.</summary>
    public ValueTask Deliver(ReadOnlyMemory<byte> frame) => deliver(frame);
}
