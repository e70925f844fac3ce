using System.Globalization;

namespace Synod.Hosting;

/// <summary>How the keys of the store are called in the machine: <c>bucket/key</c>. No bucket has a
/// slash in its name, so a key is of one bucket only; no bucket has a colon, so what the store
/// itself keeps (<c>:bucket/…</c>, <c>:owner/…</c>, <c>:node/…</c>) is out of reach.</summary>
internal static class RegisterNames
{
    private const string Owners = ":owner/";

    public static string KeyOf(string bucket, string key) => $"{bucket}/{key}";

    public static string BucketKey(string bucket) => $":bucket/{bucket}";

    public static string OwnerKey(OwnerId owner) => $"{Owners}{owner.Name}";

    public static string NodeKey(int node) =>
        string.Create(CultureInfo.InvariantCulture, $":node/{node}");

    /// <summary>What follows the bucket.</summary>
    public static string NameIn(string key) => key[(SlashIn(key) + 1)..];

    /// <summary>The bucket.</summary>
    public static string BucketIn(string key) => key[..SlashIn(key)];

    /// <summary>Whether a life that has ended is never followed by another one.</summary>
    public static bool EndsForEver(string key) => key.StartsWith(Owners, StringComparison.Ordinal);

    // Whoever speaks to the machine itself can write anything.
    private static int SlashIn(string key) =>
        Math.Max(0, key.IndexOf('/', StringComparison.Ordinal));
}
