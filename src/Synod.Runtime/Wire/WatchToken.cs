using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>How much of a key somebody has seen: with it a watch goes on at another replica without
/// going back.</summary>
/// <param name="Lineage">Of which state; zero if nothing was seen.</param>
/// <param name="Version">How often the state of the key had changed; zero for a key that nobody
/// has written.</param>
public readonly record struct WatchToken(Lineage Lineage, long Version)
{
    /// <summary>Whether nothing was seen.</summary>
    public bool IsEmpty => Lineage == default;

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteUInt128(Lineage.Number);
        buffer.WriteInt64(Version);
    }

    /// <summary>Reads a token; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static WatchToken ReadFrom(ref FrameReader reader) =>
        new(new Lineage(reader.ReadUInt128()), reader.ReadCount());
}
