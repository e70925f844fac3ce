using Synod.Kernel;

namespace Synod.Register;

/// <summary>Entries of one or several kinds, for one or several keys.</summary>
internal readonly ref struct RegisterBatch(ReadOnlySpan<byte> entries) : IWire
{
    private readonly ReadOnlySpan<byte> _entries = entries;

    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(RegisterCodec.Version);
        buffer.WriteBytes(_entries);
    }
}
