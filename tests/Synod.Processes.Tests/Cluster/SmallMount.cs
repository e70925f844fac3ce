using System.Diagnostics;
using System.Globalization;

namespace Synod.Processes.Tests;

/// <summary>A small file system of its own, in memory.</summary>
internal sealed class SmallMount : IDisposable
{
    private const int PieceBytes = 64 << 10;

    private SmallMount(DirectoryInfo directory) => Directory = directory;

    public DirectoryInfo Directory { get; }

    /// <summary>Mounts one, or skips the test where that is not allowed.</summary>
    public static SmallMount OfBytes(int bytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has tmpfs.");
        DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("synod-mount-");
        string size = string.Create(CultureInfo.InvariantCulture, $"size={bytes}");
        string errors = Run("mount", "-t", "tmpfs", "-o", size, "none", directory.FullName);
        if (errors.Length > 0)
        {
            directory.Delete();
            Assert.Skip($"A file system cannot be mounted here: {errors}");
        }

        return new SmallMount(directory);
    }

    /// <summary>Fills it with one file but for so many bytes, and names the file.</summary>
    public string FillBut(long bytes)
    {
        string filler = Path.Combine(Directory.FullName, "filler");
        DriveInfo drive = new(Directory.FullName);
        byte[] piece = new byte[PieceBytes];
        using FileStream file = File.Create(filler);
        while (drive.AvailableFreeSpace > bytes)
        {
            file.Write(piece);
            file.Flush();
        }

        return filler;
    }

    public void Dispose()
    {
        string errors = Run("umount", Directory.FullName);
        Assert.True(errors.Length == 0, errors);
        Directory.Delete();
    }

    // Empty if it succeeded.
    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
                ?? throw new InvalidOperationException($"{program} does not start.");
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? ""
                : $"{program} ended with {process.ExitCode}. {errors}";
        }
        catch (System.ComponentModel.Win32Exception cause)
        {
            return $"{program}: {cause.Message}";
        }
    }
}
