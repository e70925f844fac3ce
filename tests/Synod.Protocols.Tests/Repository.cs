namespace Synod.Protocols.Tests;

/// <summary>Where the files of the project are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Synod.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder!;
    }
}
