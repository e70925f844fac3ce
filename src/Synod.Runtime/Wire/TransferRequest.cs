using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a client asks for to move leadership.</summary>
/// <param name="Target">Which node is to lead; null if the leader chooses, or to cancel.</param>
/// <param name="IsCancel">Whether a transfer under way is to end instead.</param>
public readonly record struct TransferRequest(NodeId? Target, bool IsCancel)
{
    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteBoolean(IsCancel);
        buffer.WriteUInt32(Target?.Number ?? 0);
    }

    /// <summary>Reads a request; look at <see cref="FrameReader.IsComplete"/> afterwards.</summary>
    public static TransferRequest ReadFrom(ref FrameReader reader)
    {
        bool isCancel = reader.ReadBoolean();
        uint target = reader.ReadUInt32();
        reader.Require(!isCancel || target == 0);
        return new TransferRequest(target == 0 ? null : new NodeId(target), isCancel);
    }
}
