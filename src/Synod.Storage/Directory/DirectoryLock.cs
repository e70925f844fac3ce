using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Synod.Storage;

/// <summary>Keeps a second process out of a data directory, for as long as this one
/// lives.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string Name = "lock";
    private const int PidDigitsMax = 20;

    private readonly SafeFileHandle _file;

    private DirectoryLock(SafeFileHandle file) => _file = file;

    /// <exception cref="DataDirectoryException">Another process has it, or it cannot be
    /// had.</exception>
    public static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, Name);
        int error = Libc.Open(path, Libc.ReadWrite | Libc.Create, out SafeFileHandle file);
        if (error == 0)
            error = Libc.Lock(file);
        string? holder = error == Errno.WouldBlock ? HolderOf(file) : null;
        if (error == 0)
            error = Sign(file);
        if (error == 0)
            return new DirectoryLock(file);

        file.Dispose();
        throw new DataDirectoryException($"The data directory {directory} " + (holder is null
            ? $"cannot be locked: {DurableFile.Explain(path, error)}."
            : $"is in use by {holder}. Two processes must never share one; stop the other, or give "
                + "this one a directory of its own."))
        {
            IsTaken = holder is not null,
        };
    }

    /// <summary>Lets others in.</summary>
    public void Dispose() => _file.Dispose();

    // For the message to whom it keeps out; nothing depends on it, so it is not flushed.
    private static int Sign(SafeFileHandle file)
    {
        string pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        int error = Libc.Resize(file, 0);
        return error != 0 ? error : Libc.Write(file, 0, Encoding.ASCII.GetBytes(pid));
    }

    private static string HolderOf(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[PidDigitsMax];
        bool isRead = Libc.Read(file, 0, bytes, out int count) == 0;
        return isRead && count > 0
            ? $"process {Encoding.ASCII.GetString(bytes[..count])}"
            : "another process";
    }
}
