using System.Runtime.InteropServices;

namespace Synod.Cli;

/// <summary>Short waits of a thread: those of the framework are twenty times as coarse.</summary>
internal static partial class Pause
{
    /// <summary>Waits about so many microseconds.</summary>
    public static void For(int microseconds) => _ = SleepFor((uint)microseconds);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int SleepFor(uint microseconds);
}
