using System.Text;

namespace Synod.Hosting;

/// <summary>What can be said of a call before anybody is asked. Each answers why it cannot be, or
/// null.</summary>
internal static class RegisterChecks
{
    private const int NameLengthMax = 64;

    public static RegisterOutcome.Refused? OfBucket(string? bucket) => IsName(bucket)
        ? null
        : new RegisterOutcome.Refused(
            RegisterRefusal.InvalidBucket,
            $"A bucket is called by 1 to {NameLengthMax} letters, digits, dots, dashes and "
            + "underscores.");

    public static RegisterOutcome.Refused? OfKey(string? bucket, string? key)
    {
        if (OfBucket(bucket) is RegisterOutcome.Refused fault)
            return fault;
        if (string.IsNullOrEmpty(key))
            return Invalid("A key has one character at least.");

        // Keys that are not text could become the same bytes.
        if (Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(key)) != key)
            return Invalid("The key is not text.");

        int bytes = Encoding.UTF8.GetByteCount(RegisterNames.KeyOf(bucket ?? "", key));
        return bytes <= WriteOnce.KeyBytesMax
            ? null
            : TooLarge($"The key has {bytes} bytes with its bucket", WriteOnce.KeyBytesMax);
    }

    public static RegisterOutcome.Refused? OfValue(byte[]? value)
    {
        if (value is null)
        {
            return new RegisterOutcome.Refused(
                RegisterRefusal.InvalidValue, "The value is null; it may be empty.");
        }

        return value.Length <= WriteOnce.ValueBytesMax
            ? null
            : TooLarge($"The value has {value.Length} bytes", WriteOnce.ValueBytesMax);
    }

    public static RegisterOutcome.Refused? OfOwner(OwnerId owner) => IsName(owner.Name)
        ? null
        : Invalid("An owner is called as OwnerId.New calls it.");

    /// <summary>Of the names of what a value is to live with.</summary>
    public static RegisterOutcome.Refused? OfLifetime(PutCall call) =>
        (call.Owner is OwnerId owner ? OfOwner(owner) : null)
        ?? (call.Key is (string bucket, string key) ? OfKey(bucket, key) : null);

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= NameLengthMax }
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static RegisterOutcome.Refused Invalid(string why) =>
        new(RegisterRefusal.InvalidKey, why);

    private static RegisterOutcome.Refused TooLarge(string what, int limit) =>
        new(RegisterRefusal.TooLarge, $"{what}; {limit} is the limit.");
}
