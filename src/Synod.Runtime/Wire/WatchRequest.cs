using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a client asks for to watch a key. Behind it: the sized key and the query whose
/// answers it wants. The number of the request is that of the watch.</summary>
/// <param name="Mode">For how long.</param>
/// <param name="WindowBytes">How many bytes of events the client takes before it says that it has
/// used some, from 1; one event passes however large it is.</param>
/// <param name="HeldBytes">How many it holds already, of an earlier try.</param>
/// <param name="Seen">What it has seen of the key.</param>
public readonly record struct WatchRequest(
    WatchMode Mode, long WindowBytes, long HeldBytes, WatchToken Seen)
{
    private const long BytesMax = 1L << 40;

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte((byte)Mode);
        buffer.WriteInt64(WindowBytes);
        buffer.WriteInt64(HeldBytes);
        Seen.WriteTo(buffer);
    }

    /// <summary>Reads a request; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static WatchRequest ReadFrom(ref FrameReader reader)
    {
        WatchMode mode = (WatchMode)reader.ReadByte();
        reader.Require(mode == WatchMode.Persistent);
        long window = reader.ReadCount();
        long held = reader.ReadCount();
        reader.Require(window is > 0 and <= BytesMax && held <= BytesMax);
        return new WatchRequest(mode, window, held, WatchToken.ReadFrom(ref reader));
    }
}
