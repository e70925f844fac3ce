using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>Which life of a write-once key: it grows with each, for ever, so that what is over is
/// never mistaken for what is there. Zero is before the first.</summary>
/// <param name="Epoch">The epoch in which the life began.</param>
/// <param name="Count">Counts lives in that epoch, from 1.</param>
public readonly record struct Generation(uint Epoch, long Count) : IComparable<Generation>
{
    /// <summary>The generation after this one, in the same epoch.</summary>
    public Generation Next() => this with { Count = Count + 1 };

    /// <inheritdoc/>
    public int CompareTo(Generation other) => (Epoch, Count).CompareTo((other.Epoch, other.Count));

    /// <summary>Whether the left is before the right.</summary>
    public static bool operator <(Generation left, Generation right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left is after the right.</summary>
    public static bool operator >(Generation left, Generation right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left is not after the right.</summary>
    public static bool operator <=(Generation left, Generation right) =>
        left.CompareTo(right) <= 0;

    /// <summary>Whether the left is not before the right.</summary>
    public static bool operator >=(Generation left, Generation right) =>
        left.CompareTo(right) >= 0;

    /// <summary>As in <c>g0.2</c>.</summary>
    public override string ToString() => $"g{Epoch}.{Count}";

    internal void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteUInt32(Epoch);
        buffer.WriteInt64(Count);
    }

    internal static Generation ReadFrom(ref FrameReader reader) =>
        new(reader.ReadUInt32(), reader.ReadCount());
}
