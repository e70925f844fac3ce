using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The sectors of real files that were written and not flushed, with what a disk would
/// hold instead if the power failed now.</summary>
internal sealed class UnflushedSectors
{
    private const int Bytes = MemoryBlockDevice.SectorBytes;

    private readonly SortedDictionary<(string File, long Sector), Unflushed> _sectors = [];

    /// <summary>Bytes are about to be written by a job, whole sectors of them.</summary>
    public void Write(IBlockDevice device, DiskJob job, long number)
    {
        for (int offset = 0; offset < job.Bytes.Length; offset += Bytes)
        {
            (string, long) sector = (job.File, (job.Offset + offset) / Bytes);
            if (!_sectors.TryGetValue(sector, out Unflushed? unflushed))
            {
                unflushed = new Unflushed(new byte[Bytes]);
                device.Read(job.File, job.Offset + offset, unflushed.Durable);
                _sectors.Add(sector, unflushed);
            }

            unflushed.Job = number;
        }
    }

    /// <summary>A flush has ended, with all jobs before it.</summary>
    public void Flushed(string file, long number, bool isFailed)
    {
        foreach (((string File, long Sector) sector, Unflushed unflushed) in _sectors.ToArray())
        {
            if (sector.File != file || unflushed.Job > number)
                continue;

            // Linux takes what a failed flush has not written for clean: only if it is written
            // again can a later flush reach it.
            if (isFailed)
                unflushed.Job = long.MaxValue;
            else
                _sectors.Remove(sector);
        }
    }

    /// <summary>The power has failed.</summary>
    public void Lose(string directory, Func<bool> survives)
    {
        foreach (((string name, long sector), Unflushed unflushed) in _sectors)
        {
            if (unflushed.Job != long.MaxValue && survives())
                continue;

            using FileStream file = File.OpenWrite(Path.Combine(directory, name));
            file.Position = sector * Bytes;
            file.Write(unflushed.Durable);
        }

        _sectors.Clear();
    }

    private sealed class Unflushed(byte[] durable)
    {
        public byte[] Durable { get; } = durable;

        public long Job { get; set; }
    }
}
