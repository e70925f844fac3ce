using System.Globalization;
using System.Runtime.InteropServices;

namespace Synod.Storage;

/// <summary>The error numbers of Linux, by name.</summary>
internal static class Errno
{
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int AccessDenied = 13;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int QuotaExceeded = 122;

    private static readonly SortedDictionary<int, string> Names = new()
    {
        [1] = "EPERM",
        [NotFound] = "ENOENT",
        [Interrupted] = "EINTR",
        [5] = "EIO",
        [9] = "EBADF",
        [WouldBlock] = "EAGAIN",
        [12] = "ENOMEM",
        [AccessDenied] = "EACCES",
        [17] = "EEXIST",
        [20] = "ENOTDIR",
        [21] = "EISDIR",
        [22] = "EINVAL",
        [24] = "EMFILE",
        [27] = "EFBIG",
        [NoSpace] = "ENOSPC",
        [ReadOnly] = "EROFS",
        [95] = "EOPNOTSUPP",
        [116] = "ESTALE",
        [QuotaExceeded] = "EDQUOT",
    };

    /// <summary>As in <c>EIO (Input/output error)</c>.</summary>
    public static string Describe(int number)
    {
        string name = Names.GetValueOrDefault(
            number, number.ToString("'errno 'D", CultureInfo.InvariantCulture));
        return $"{name} ({Marshal.GetPInvokeErrorMessage(number)})";
    }
}
