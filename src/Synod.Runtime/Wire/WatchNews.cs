using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What somebody who watches is told. Behind it the answer of the machine, if there is
/// one.</summary>
/// <param name="Reason">Why.</param>
/// <param name="HasAnswer">Whether there is a state that was not seen; if not, the replica has
/// nothing newer.</param>
/// <param name="IsGap">Whether states between the last one seen and this one are not
/// told.</param>
/// <param name="Seen">What the client has seen with it.</param>
public readonly record struct WatchNews(
    WatchReason Reason, bool HasAnswer, bool IsGap, WatchToken Seen)
{
    // What an event takes beside its answer, in the frame and in memory.
    private const int Overhead = 128;

    /// <summary>What an event counts for while the client has not used it.</summary>
    public static long Weight(int answerBytes) => (long)answerBytes + Overhead;

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte((byte)Reason);
        buffer.WriteBoolean(HasAnswer);
        buffer.WriteBoolean(IsGap);
        Seen.WriteTo(buffer);
    }

    /// <summary>Reads news; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static WatchNews ReadFrom(ref FrameReader reader)
    {
        WatchReason reason = (WatchReason)reader.ReadByte();
        reader.Require(reason is WatchReason.Began or WatchReason.DataChanged);
        bool hasAnswer = reader.ReadBoolean();
        bool isGap = reader.ReadBoolean();
        return new WatchNews(reason, hasAnswer, isGap, WatchToken.ReadFrom(ref reader));
    }
}
