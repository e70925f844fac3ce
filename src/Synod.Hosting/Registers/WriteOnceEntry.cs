using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>The state of a write-once key: live with the value that was put first, or ended. The
/// default is a key that nobody has ever put.</summary>
/// <param name="Generation">Which life, the present one or the last.</param>
/// <param name="IsLive">Whether there is a value.</param>
/// <param name="Value">The value; empty if there is none.</param>
/// <param name="Lifetime">How long the value stays.</param>
public readonly record struct WriteOnceEntry(
    Generation Generation, bool IsLive, ReadOnlyMemory<byte> Value, Lifetime Lifetime = default)
{
    /// <summary>Whether both are the same, value by value.</summary>
    public bool Equals(WriteOnceEntry other) =>
        Generation == other.Generation
        && IsLive == other.IsLive
        && Lifetime == other.Lifetime
        && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Generation, IsLive, Value.Length);

    /// <summary>The same life, over: what it held is gone.</summary>
    internal WriteOnceEntry Ended() => new(Generation, false, default);

    internal void WriteTo(FrameBuffer buffer)
    {
        Generation.WriteTo(buffer);
        buffer.WriteBoolean(IsLive);
        if (!IsLive)
            return;

        buffer.WriteSized(Value.Span);
        Lifetime.WriteTo(buffer);
    }

    internal static WriteOnceEntry ReadFrom(ref FrameReader reader)
    {
        Generation generation = Generation.ReadFrom(ref reader);
        return reader.ReadBoolean()
            ? new WriteOnceEntry(
                generation, true, reader.ReadSized().ToArray(), Lifetime.ReadFrom(ref reader))
            : new WriteOnceEntry(generation, false, default);
    }
}
