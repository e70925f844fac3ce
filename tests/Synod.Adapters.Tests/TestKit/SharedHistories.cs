namespace Synod.Adapters.Tests.TestKit;

/// <summary>The histories with known verdicts that lie beside the repository.</summary>
internal static class SharedHistories
{
    public static string Folder { get; } = Find();

    public static IEnumerable<string> Named(string prefix) => Directory.Exists(Folder)
        ? Directory.GetFiles(Folder, $"{prefix}_*.jsonl").Order(StringComparer.Ordinal)
        : [];

    private static string Find()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Synod.slnx")))
            root = root.Parent;
        return Path.Combine(root?.Parent?.FullName ?? "", "shared", "histories");
    }
}
