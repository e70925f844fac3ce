using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Synod.Storage;

/// <summary>The system calls that durability rests on, called directly: the runtime of .NET
/// swallows the errors of its own flush (safety §7). Each answers with an error number, 0 for
/// success.</summary>
internal static partial class Libc
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Truncate = 0x200;

    private const int CloseOnExec = 0x80000;
    private const int ReadableByAll = 0x1A4;
    private const int LockExclusiveAtOnce = 2 | 4;

    /// <summary>Null where durability is proven, and the reason elsewhere.</summary>
    public static string? WhyNotDurable => OperatingSystem.IsLinux()
        ? null
        : "Durability is proven on Linux only (macOS, for one, needs F_FULLFSYNC). "
            + "Run the node on Linux.";

    public static int Open(string path, int flags, out SafeFileHandle file)
    {
        int error;
        do
        {
            file = OpenFile(path, flags | CloseOnExec, ReadableByAll);
            error = ErrorUnless(!file.IsInvalid);
        }
        while (error == Errno.Interrupted);
        return error;
    }

    public static int Read(
        SafeFileHandle file, long offset, Span<byte> bytes, out int count)
    {
        count = 0;
        while (count < bytes.Length)
        {
            Span<byte> rest = bytes[count..];
            nint read = PRead(
                file, ref MemoryMarshal.GetReference(rest), (nuint)rest.Length, offset + count);
            int error = ErrorUnless(read >= 0);
            if (error is not (0 or Errno.Interrupted))
                return error;
            if (read == 0)
                break;
            count += (int)Math.Max(read, 0);
        }

        return 0;
    }

    public static int Write(SafeFileHandle file, long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written = PWrite(
                file, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, offset);
            int error = ErrorUnless(written >= 0);
            if (error is not (0 or Errno.Interrupted))
                return error;
            int count = (int)Math.Max(written, 0);
            bytes = bytes[count..];
            offset += count;
        }

        return 0;
    }

    /// <summary>Makes the bytes durable, and what is needed to read them back.</summary>
    public static int FlushData(SafeFileHandle file)
    {
        // Only an interrupted call is made again. After any other error the kernel may have dropped
        // the pages and would report success for a second try.
        int error;
        do
            error = ErrorUnless(FDataSync(file) == 0);
        while (error == Errno.Interrupted);
        return error;
    }

    /// <summary>Makes the bytes and all attributes durable; for a directory, its names.</summary>
    public static int FlushAll(SafeFileHandle file)
    {
        int error;
        do
            error = ErrorUnless(FSync(file) == 0);
        while (error == Errno.Interrupted);
        return error;
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static int FlushDirectory(string path)
    {
        int error = Open(path, ReadOnly, out SafeFileHandle directory);
        using (directory)
            return error != 0 ? error : FlushAll(directory);
    }

    public static int Allocate(SafeFileHandle file, long length)
    {
        int error;
        do
            error = PosixFallocate(file, 0, length);
        while (error == Errno.Interrupted);
        return error;
    }

    public static int Resize(SafeFileHandle file, long length) =>
        ErrorUnless(FTruncate(file, length) == 0);

    public static int Rename(string from, string to) => ErrorUnless(RenameFile(from, to) == 0);

    public static int Remove(string path) => ErrorUnless(Unlink(path) == 0);

    /// <summary>Locks the file for this handle, or fails at once.</summary>
    public static int Lock(SafeFileHandle file) =>
        ErrorUnless(FLock(file, LockExclusiveAtOnce) == 0);

    /// <summary>Asks for large pages below the pages that lie within pinned memory. Only a
    /// wish.</summary>
    public static void WantLargePages(byte[] pinned)
    {
        const int largePages = 14;
        nint start = Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        nint first = (start + Sector.Bytes - 1) / Sector.Bytes * Sector.Bytes;
        nint end = (start + pinned.Length) / Sector.Bytes * Sector.Bytes;
        if (OperatingSystem.IsLinux() && end > first)
            _ = Advise(first, end - first, largePages);
    }

    private static int ErrorUnless(bool success) => success ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint PRead(
        SafeFileHandle file, ref byte bytes, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint PWrite(
        SafeFileHandle file, ref readonly byte bytes, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixFallocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int FTruncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
