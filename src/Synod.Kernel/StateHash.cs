namespace Synod.Kernel;

/// <summary>A running hash over state, field by field, in a fixed order. Two replicas, or two runs,
/// with equal state have equal digests.</summary>
public struct StateHash
{
    /// <summary>The digest of all that was added.</summary>
    public ulong Value { get; private set; }

    /// <summary>Adds a number.</summary>
    public void Add(long number) =>
        Value = StableHash.Combine(Value, unchecked((ulong)number));

    /// <summary>Adds bytes, and how many they are.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        Value = StableHash.Combine(Value, StableHash.Of(bytes));
    }
}
