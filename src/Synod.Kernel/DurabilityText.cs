namespace Synod.Kernel;

/// <summary>Modes of durability as people write them.</summary>
public static class DurabilityText
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enum.GetValues<Durability>().Select(NameOf)];

    /// <summary>The name on the command line and in status.</summary>
    public static string NameOf(Durability durability) => durability switch
    {
        Durability.Fsync => "fsync",
        Durability.Memory => "memory",
        Durability.UnsafeNoFlush => "unsafe-no-flush",
    };

    /// <summary>The mode of a name; null if there is none.</summary>
    public static Durability? Find(string name)
    {
        foreach (Durability durability in Enum.GetValues<Durability>())
        {
            if (NameOf(durability) == name)
                return durability;
        }

        return null;
    }
}
