namespace Synod.Kernel;

/// <summary>Why something is refused, in messages.</summary>
public static class RejectReasonWire
{
    /// <summary>Appends a reason; null if nothing is refused.</summary>
    public static void WriteTo(FrameBuffer buffer, RejectReason? reason)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(reason is RejectReason known ? (byte)(known + 1) : (byte)0);
    }

    /// <summary>Reads it back.</summary>
    public static RejectReason? ReadFrom(ref FrameReader reader)
    {
        byte reason = reader.ReadByte();
        RejectReason known = (RejectReason)(reason - 1);
        bool isRefused = reason > 0 && Enum.IsDefined(known);
        reader.Require(isRefused || reason == 0);
        return isRefused ? known : null;
    }
}
