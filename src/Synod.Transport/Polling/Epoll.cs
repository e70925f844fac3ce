using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Synod.Transport;

/// <summary>The system calls that wait for many sockets at once, as Linux has them.</summary>
internal static partial class Epoll
{
    // There is something to read; the other end has closed; told once for each change.
    private const uint Watched = 0x1 | Ended | 0x8000_0000;
    private const uint Ended = 0x2000;

    // An error, or closed in both directions.
    private const uint Broken = 0x8 | 0x10;

    private const int Add = 1;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    // The structure is packed on x86 and nowhere else.
    private static readonly bool IsPacked =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>The bytes of one event.</summary>
    public static int EventBytes => IsPacked ? 12 : 16;

    /// <summary>A set of files, or an invalid handle.</summary>
    public static SafeFileHandle Create() => EpollCreate(CloseOnExec);

    /// <summary>A counter whose change is an event, or an invalid handle.</summary>
    public static SafeFileHandle CreateCounter() => EventFd(0, CloseOnExec | NonBlocking);

    /// <summary>Adds a file whose events carry a number; it leaves the set when it is closed.
    /// False: the system has no room for it.</summary>
    public static bool TryAdd(SafeFileHandle set, SafeHandle file, long number)
    {
        Span<byte> bytes = stackalloc byte[EventBytes];
        MemoryMarshal.Write(bytes, Watched);
        MemoryMarshal.Write(bytes[^sizeof(long)..], number);
        return EpollControl(set, Add, file, in MemoryMarshal.GetReference(bytes)) == 0;
    }

    /// <summary>Waits for events, for ever if the time is negative.</summary>
    /// <returns>How many there are.</returns>
    public static int Wait(SafeFileHandle set, Span<byte> events, int milliseconds)
    {
        // A signal that interrupts it is no event.
        int count = EpollWait(
            set,
            ref MemoryMarshal.GetReference(events),
            events.Length / EventBytes,
            milliseconds);
        return Math.Max(0, count);
    }

    /// <summary>An event that was waited for: whether nothing more will come, and the number.
    /// </summary>
    public static (bool IsEnding, long Number) At(ReadOnlySpan<byte> events, int index)
    {
        ReadOnlySpan<byte> one = events.Slice(index * EventBytes, EventBytes);
        uint happened = MemoryMarshal.Read<uint>(one);
        return ((happened & (Ended | Broken)) != 0, MemoryMarshal.Read<long>(one[^sizeof(long)..]));
    }

    /// <summary>Counts one more.</summary>
    public static void Count(SafeFileHandle counter)
    {
        // It fails only when it would overflow, and then the change is noticed as well.
        ulong one = 1;
        _ = Write(counter, in one, sizeof(ulong));
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial SafeFileHandle EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial SafeFileHandle EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(
        SafeFileHandle set, int operation, SafeHandle file, in byte change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(
        SafeFileHandle set, ref byte events, int eventsMax, int milliseconds);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, in ulong value, nuint count);
}
