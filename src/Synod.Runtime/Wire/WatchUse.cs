using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>How many bytes of the events of a watch the client has used since it began at this
/// node, those that it held before included. A request carries any number of them, up to
/// <see cref="GroupOptions.RequestBytesMax"/>; a client puts up to 64 into one.</summary>
/// <param name="Watch">The number of the watch.</param>
/// <param name="Bytes">The bytes, all together.</param>
public readonly record struct WatchUse(long Watch, long Bytes)
{
    /// <summary>How many a client puts into one request.</summary>
    internal const int PerRequestMax = 64;

    /// <summary>How large a request is that every group must take.</summary>
    internal const int RequestBytes = PerRequestMax * 2 * sizeof(long);

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteInt64(Watch);
        buffer.WriteInt64(Bytes);
    }

    /// <summary>Reads one; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static WatchUse ReadFrom(ref FrameReader reader) =>
        new(reader.ReadInt64(), reader.ReadCount());
}
