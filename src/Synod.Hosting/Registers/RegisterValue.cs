using System.Globalization;

namespace Synod.Hosting;

/// <summary>A value of the store, and what it lives with.</summary>
public sealed record RegisterValue
{
    private static readonly long UntilMax = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The value.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Which life of the key.</summary>
    public required Generation Generation { get; init; }

    /// <summary>Its owner; null if it has none.</summary>
    public OwnerId? Owner { get; init; }

    /// <summary>The node that it lives with; null if it lives with none.</summary>
    public int? Node { get; init; }

    /// <summary>The bucket and the key that it lives with; null if it lives with none.</summary>
    public (string Bucket, string Key)? Key { get; init; }

    /// <summary>When it is over; null for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether both are the same, value by value.</summary>
    public bool Equals(RegisterValue? other) =>
        other is not null
        && (Generation, Owner, Node, Key, Until)
            == (other.Generation, other.Owner, other.Node, other.Key, other.Until)
        && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Generation, Bytes.Length);

    internal static RegisterValue Of(in WriteOnceEntry entry)
    {
        Lifetime lifetime = entry.Lifetime;
        return new RegisterValue
        {
            Bytes = entry.Value,
            Generation = entry.Generation,
            Owner = lifetime.Owner is KeyLife owner
                ? new OwnerId(RegisterNames.NameIn(owner.Key))
                : null,
            Node = lifetime.Node is KeyLife node
                && int.TryParse(
                    RegisterNames.NameIn(node.Key), CultureInfo.InvariantCulture, out int number)
                ? number
                : null,
            Key = lifetime.Key is KeyLife key
                ? (RegisterNames.BucketIn(key.Key), RegisterNames.NameIn(key.Key))
                : null,
            Until = lifetime.Until is long until
                ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(until, UntilMax))
                : null,
        };
    }
}
