using Synod.Kernel;

namespace Synod.Register;

/// <summary>Which question a read has asked: an answer to another life's question must not count
/// for one of this life.</summary>
internal readonly record struct RegisterTicket(ulong Boot, uint Life, long Number)
{
    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteUInt64(Boot);
        buffer.WriteUInt32(Life);
        buffer.WriteInt64(Number);
    }

    public static RegisterTicket ReadFrom(ref FrameReader reader) =>
        new(reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadCount());

    public override string ToString() => $"{Boot}.{Life}.{Number}";
}
