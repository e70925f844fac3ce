using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>How a call has ended, as bytes.</summary>
internal readonly record struct ClientAnswer(ResponseKind Kind, byte[] Bytes)
{
    /// <summary>Whether it says nothing about what has happened.</summary>
    public bool IsUnknown => Kind
        is ResponseKind.Unknown
        or ResponseKind.OutOfOrder
        or ResponseKind.Superseded
        or ResponseKind.Watched
        or ResponseKind.WatchEnded
        or ResponseKind.Committed;
}
