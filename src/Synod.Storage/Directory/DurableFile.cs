using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Synod.Storage;

/// <summary>Small files and directories that are whole or not there after a crash. Errors come back
/// as what to tell the operator; null is success.</summary>
internal static class DurableFile
{
    /// <summary>Makes a directory, in a parent that is there, and its name durable.</summary>
    public static string? EnsureDirectory(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        if (parent is null)
            return null;
        if (!Directory.Exists(parent))
            return $"its parent directory {parent} does not exist; create it first";

        bool isNew = !Directory.Exists(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be created: {cause.Message.TrimEnd('.')}; name another one";
        }

        // Also when it is there already: the process that made it may have been killed before its
        // name was durable. A parent that we may not read was made by somebody else, long ago.
        int error = Libc.FlushDirectory(parent);
        return error == 0 || (error == Errno.AccessDenied && !isNew)
            ? null
            : $"fsync of {parent} failed with {Errno.Describe(error)}";
    }

    /// <summary>Replaces the text of a file, durably: after a crash it is the old one or the
    /// new.</summary>
    public static string? Replace(string path, string text)
    {
        string draft = path + ".new";
        int error = Write(draft, Encoding.UTF8.GetBytes(text));
        if (error == 0)
            error = Libc.Rename(draft, path);
        if (error == 0)
            error = Libc.FlushDirectory(Path.GetDirectoryName(path) ?? "/");
        return error == 0 ? null : Explain(path, error);
    }

    /// <summary>What an error means for somebody who wanted to write a file.</summary>
    public static string Explain(string path, int error) => error switch
    {
        Errno.AccessDenied or Errno.ReadOnly =>
            $"{path} is not writable: {Errno.Describe(error)}; run the node as a user who may "
            + "write there",
        Errno.NoSpace or Errno.QuotaExceeded =>
            $"{path} cannot be written: {Errno.Describe(error)}; make room on the disk",
        _ => $"{path} cannot be written: {Errno.Describe(error)}",
    };

    private static int Write(string path, ReadOnlySpan<byte> bytes)
    {
        int error = Libc.Open(
            path, Libc.ReadWrite | Libc.Create | Libc.Truncate, out SafeFileHandle file);
        using (file)
        {
            if (error == 0)
                error = Libc.Write(file, 0, bytes);
            return error != 0 ? error : Libc.FlushAll(file);
        }
    }
}
