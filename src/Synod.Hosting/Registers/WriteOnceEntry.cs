using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>The state of a write-once key: live with the value that was put first, or ended. The
/// default is a key that nobody has ever put.</summary>
/// <param name="Generation">Which life, the present one or the last.</param>
/// <param name="IsLive">Whether there is a value.</param>
/// <param name="Value">The value; empty if there is none.</param>
public readonly record struct WriteOnceEntry(
    Generation Generation, bool IsLive, ReadOnlyMemory<byte> Value)
{
    /// <summary>Whether both are the same, value by value.</summary>
    public bool Equals(WriteOnceEntry other) =>
        Generation == other.Generation
        && IsLive == other.IsLive
        && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Generation, IsLive, Value.Length);

    internal void WriteTo(FrameBuffer buffer)
    {
        Generation.WriteTo(buffer);
        buffer.WriteBoolean(IsLive);
        buffer.WriteSized(Value.Span);
    }

    internal static WriteOnceEntry ReadFrom(ref FrameReader reader) => new(
        Generation.ReadFrom(ref reader), reader.ReadBoolean(), reader.ReadSized().ToArray());
}
