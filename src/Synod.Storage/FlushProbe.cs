using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Synod.Storage;

/// <summary>Measures what a flush costs in a directory, so that latencies can be quoted beside
/// it.</summary>
public static class FlushProbe
{
    private const string Name = "flush-probe";
    private const int FileBytes = 1 << 20;

    /// <summary>The median time of writing and flushing 4096 bytes where a file was written before,
    /// as a log does in a recycled segment.</summary>
    /// <param name="directory">An existing directory on the disk in question.</param>
    /// <param name="count">How many times, from 1.</param>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static TimeSpan Measure(string directory, int count = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        string path = Path.Combine(directory, Name);
        byte[] sector = new byte[Sector.Bytes];
        TimeSpan[] times = new TimeSpan[count];
        try
        {
            using SafeFileHandle file =
                File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
            RandomAccess.Write(file, new byte[FileBytes], 0);
            Check(Libc.FlushData(file), path);
            for (int round = 0; round < count; round++)
            {
                long start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, sector, round * sector.Length % FileBytes);
                int error = Libc.FlushData(file);
                times[round] = Stopwatch.GetElapsedTime(start);
                Check(error, path);
            }
        }
        finally
        {
            File.Delete(path);
        }

        Array.Sort(times);
        return times[count / 2];
    }

    private static void Check(int error, string path)
    {
        if (error != 0)
            throw new IOException($"fdatasync of {path}: {Errno.Describe(error)}");
    }
}
