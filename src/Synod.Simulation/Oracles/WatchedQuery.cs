using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Marks the queries of those who watch: they are asked at any time, and all others only
/// at their place in the stream.</summary>
internal static class WatchedQuery
{
    private static ReadOnlySpan<byte> Mark => "watched\0"u8;

    /// <summary>Begins a query that is watched.</summary>
    public static void Begin(FrameBuffer buffer) => buffer.WriteBytes(Mark);

    /// <summary>The query behind the mark, if there is one.</summary>
    public static bool Is(ReadOnlySpan<byte> request, out ReadOnlySpan<byte> query)
    {
        bool isMarked = request.StartsWith(Mark);
        query = isMarked ? request[Mark.Length..] : request;
        return isMarked;
    }
}
