using Microsoft.Win32.SafeHandles;

namespace Synod.Storage;

/// <content>Of a file that was made in full length the system keeps which parts were never written.
/// The first write to such a part changes that, and its flush has to write the journal of the file
/// system too, for which all nodes on one disk wait for each other. So with a short write the room
/// behind it is cleared, a zone at a time, and most flushes write a frame and nothing
/// else.</content>
public sealed partial class FileBlockDevice
{
    private const int ZoneBytes = 256 * 1024;

    // A longer write costs more than the journal does, and should not cost twice as much.
    private const int ShortBytes = 32 * 1024;

    private static readonly byte[] Zeros = new byte[Sector.Bytes];

    // Up to where each file that was made here was ever written or cleared. Of others it is not
    // known, so there nothing is cleared.
    private readonly Dictionary<string, long> _written = new(StringComparer.Ordinal);

    // Behind all that was ever written the file reads as zeros, before and after.
    private int ClearBehind(DiskJob job, SafeFileHandle handle)
    {
        long end = job.Offset + job.Bytes.Length;
        bool isNew = _written.TryGetValue(job.File, out long written) && end > written;
        if (!isNew || _flushesNothing)
            return 0;

        // Never longer: the length of a file was flushed when it was made.
        long zone = job.Bytes.Length > ShortBytes ? 0 : ZoneBytes;
        long cleared = Math.Min(end + zone, RandomAccess.GetLength(handle));
        _written[job.File] = Math.Max(end, cleared);
        int error = 0;
        for (long at = end; at + Zeros.Length <= cleared && error == 0; at += Zeros.Length)
            error = Libc.Write(handle, at, Zeros);
        return error;
    }
}
