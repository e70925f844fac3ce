namespace Synod.Kernel;

/// <summary>What a kernel is built from, at the first start and at every restart.</summary>
public sealed record KernelStart
{
    /// <summary>The epoch it serves; it never sees another.</summary>
    public required EpochDescriptor Epoch { get; init; }

    /// <summary>Who it is in the epoch.</summary>
    public required Member Self { get; init; }

    /// <summary>The process start it lives in.</summary>
    public required Boot Boot { get; init; }

    /// <summary>Which life of this replica in that boot.</summary>
    public required Life Life { get; init; }

    /// <summary>Where its randomness comes from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The frontier of the snapshot that the machine begins with, as
    /// <see cref="IKernel.Capture"/> has written it: what is in it is not delivered again. Empty,
    /// as by default, where the machine begins with nothing.</summary>
    public ReadOnlyMemory<byte> Snapshot { get; init; }

    /// <summary>Whether PeerDown also tells of a node that is connected and has gone silent, within
    /// a second or so: only then may a group stop to listen. Default false.</summary>
    public bool IsWatched { get; init; }
}
