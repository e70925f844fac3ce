using System.Collections.Immutable;
using System.Numerics;

namespace Synod.TestKit;

/// <summary>The values in a queue. A new state shares its values with the old one, and its hash is
/// made from the old one's, so that a long queue costs no more than a short one.</summary>
internal sealed class QueueState : IEquatable<QueueState>
{
    // Odd, so that it has an inverse: a power of it is taken back when the queue gets shorter.
    private const ulong Factor = 0x9E3779B97F4A7C15;

    private static readonly ulong Inverse = InverseOf(Factor);

    private readonly ImmutableQueue<HistoryValue> _values;
    private readonly ulong _hash;
    private readonly ulong _power;

    private QueueState(
        ImmutableQueue<HistoryValue> values, int count, ulong hash, ulong power)
    {
        _values = values;
        Count = count;
        _hash = hash;
        _power = power;
    }

    public static QueueState Empty { get; } = new(ImmutableQueue<HistoryValue>.Empty, 0, 0, 1);

    public int Count { get; }

    /// <summary>The oldest value; null when empty.</summary>
    public HistoryValue Oldest => Count == 0 ? default : _values.Peek();

    public QueueState Enqueue(HistoryValue value)
    {
        ulong hash = unchecked((_hash * Factor) + value.Hash);
        return new QueueState(
            _values.Enqueue(value), Count + 1, hash, unchecked(_power * Factor));
    }

    public QueueState Dequeue()
    {
        ulong power = unchecked(_power * Inverse);
        ulong hash = unchecked(_hash - (Oldest.Hash * power));
        return new QueueState(_values.Dequeue(), Count - 1, hash, power);
    }

    public bool Equals(QueueState? other) => other is not null
        && _hash == other._hash
        && Count == other.Count
        && (ReferenceEquals(_values, other._values) || _values.SequenceEqual(other._values));

    public override bool Equals(object? obj) => Equals(obj as QueueState);

    public override int GetHashCode() =>
        unchecked((int)BitOperations.RotateLeft(_hash * Factor, 29));

    public override string ToString() => HistoryValue.List([.. _values]).ToString();

    // Newton's method: each step doubles the number of bits that are right.
    private static ulong InverseOf(ulong odd)
    {
        ulong inverse = odd;
        for (int bits = 3; bits < 64; bits *= 2)
            inverse = unchecked(inverse * (2 - (odd * inverse)));
        return inverse;
    }
}
