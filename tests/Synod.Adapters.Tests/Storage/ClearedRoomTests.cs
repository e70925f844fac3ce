using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>With a short write the room behind it is cleared, and nothing that was
/// written.</summary>
public sealed partial class ClearedRoomTests : IDisposable
{
    private const string File = "file";
    private const int Sectors = 256;
    private const int Zone = 64;

    private readonly string _path = Directory.CreateTempSubdirectory("synod-log-").FullName;
    private readonly FileBlockDevice _device;

    public ClearedRoomTests()
    {
        _device = FileBlockDevice.Open(_path);
        Create(Sectors);
    }

    [Fact]
    public void A_zone_behind_a_short_write_is_written_too()
    {
        if (WrittenSectors() == Sectors)
            Assert.Skip("This file system does not tell what was written.");

        Write(0);
        Assert.Equal(1 + Zone, WrittenSectors());

        // Within the zone, then the first behind it.
        Write(Zone);
        Assert.Equal(1 + Zone, WrittenSectors());
        Write(Zone + 1);
        Assert.Equal(Zone + 2 + Zone, WrittenSectors());
    }

    [Fact]
    public void Nothing_is_cleared_behind_a_long_write()
    {
        if (WrittenSectors() == Sectors)
            Assert.Skip("This file system does not tell what was written.");

        Write(0, count: 9);
        Assert.Equal(9, WrittenSectors());
        Write(9);
        Assert.Equal(10 + Zone, WrittenSectors());
    }

    [Fact]
    public void What_was_written_further_behind_stays()
    {
        Write(20);
        Write(3, count: 9);
        Write(0);

        Assert.Equal([0, 3, 11, 20], Marked());
    }

    [Fact]
    public void A_file_that_was_there_before_is_left_as_it_is()
    {
        Write(0);
        Write(1);
        using FileBlockDevice other = FileBlockDevice.Open(_path);
        Perform(other, WriteJob(0, 1));

        Assert.Equal([0, 1], Marked());
        Create(Sectors);
        Write(0);
        Assert.Equal([0, 1], Marked());
    }

    [Fact]
    public void A_file_that_is_used_again_is_not_cleared()
    {
        Write(0);
        Write(5);
        Perform(_device, new DiskJob { Kind = DiskJobKind.Rename, File = File, NewFile = "again" });
        DiskJob write = WriteJob(0, 1);
        write.File = "again";
        Perform(_device, write);

        Assert.Equal([0, 5], Marked("again"));
    }

    [Fact]
    public void A_file_does_not_become_longer()
    {
        Write(Sectors - 3);
        Write(Sectors - 1);

        Assert.Equal(Sectors * Sector.Bytes, Assert.Single(_device.List()).Length);
        Assert.Equal([Sectors - 3, Sectors - 1], Marked());
    }

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    private static void Perform(FileBlockDevice device, DiskJob job)
    {
        device.Perform(job);
        Assert.Null(job.Error);
    }

    private static DiskJob WriteJob(int sector, int count)
    {
        byte[] bytes = new byte[count * Sector.Bytes];
        bytes[0] = bytes[^1] = 1;
        return new DiskJob
        {
            Kind = DiskJobKind.Write,
            File = File,
            Offset = sector * Sector.Bytes,
            Bytes = bytes,
        };
    }

    private void Create(int sectors) => Perform(
        _device,
        new DiskJob { Kind = DiskJobKind.Create, File = File, Length = sectors * Sector.Bytes });

    private void Write(int sector, int count = 1)
    {
        Perform(_device, WriteJob(sector, count));
        Perform(_device, new DiskJob { Kind = DiskJobKind.Flush, File = File });
    }

    // The sectors in which there is anything but zeros.
    private IEnumerable<int> Marked(string file = File)
    {
        byte[] bytes = new byte[Sectors * Sector.Bytes];
        Assert.Equal(bytes.Length, _device.Read(file, 0, bytes));
        return Enumerable.Range(0, Sectors).Where(sector =>
            bytes.AsSpan(sector * Sector.Bytes, Sector.Bytes).ContainsAnyExcept((byte)0));
    }

    // Up to the first that was never written; what was only given room counts as a hole.
    private long WrittenSectors()
    {
        const int hole = 4;
        using SafeFileHandle handle =
            System.IO.File.OpenHandle(Path.Combine(_path, File), share: FileShare.ReadWrite);
        long end = Seek(handle, 0, hole);
        Assert.NotEqual(-1, end);
        return end / Sector.Bytes;
    }

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);
}
