namespace Synod.Architecture.Tests;

/// <summary>The working tree these tests read: the folder that holds Synod.slnx.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>True when SYNOD_UPDATE=1: generated files are rewritten, then compared.</summary>
    public static bool IsUpdating => Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1";

    public static string Absolute(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(Absolute(path));

    public static string Relative(string absolute) =>
        Path.GetRelativePath(Root, absolute).Replace('\\', '/');

    /// <summary>Files below a folder as paths from the root, in ordinal order.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        string start = Absolute(folder);
        if (!Directory.Exists(start))
            return [];

        return [.. Walk(start, pattern).Select(Relative).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Walk(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern)
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(IsOurs)
                .SelectMany(inner => Walk(inner, pattern)));

    private static bool IsOurs(string folder)
    {
        string name = Path.GetFileName(folder);
        return !name.StartsWith('.') && !Skipped.Contains(name);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Synod.slnx")))
            folder = Path.GetDirectoryName(folder);

        return folder ?? throw new InvalidOperationException("No Synod.slnx above the tests.");
    }
}
