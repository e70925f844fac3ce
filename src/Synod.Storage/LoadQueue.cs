using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>The loads that are under way: each reads one piece after the other, and what lies close
/// together in one piece.</summary>
internal sealed class LoadQueue(DiskQueue disk)
{
    private const int PieceBytesMax = 1 << 20;
    private const int GapBytesMax = 32 << 10;

    private readonly Dictionary<DiskJob, Piece> _pieces = [];
    private readonly Queue<LogLoad> _done = new();

    /// <summary>Whether a file is being read.</summary>
    public bool IsLoadingFrom(Segment segment)
    {
        foreach (Piece piece in _pieces.Values)
        {
            if (piece.Segment == segment)
                return true;
        }

        return false;
    }

    /// <summary>Reads the next piece, which begins with a record of the load.</summary>
    /// <param name="load">The load.</param>
    /// <param name="records">The record, and up to which one they are on the disk: what is in
    /// memory may not be written yet.</param>
    /// <param name="segment">Where it is.</param>
    /// <param name="bytesMin">How much is to be read at least.</param>
    public void Read(
        LogLoad load, (int First, int Last) records, Segment segment, long bytesMin = 0)
    {
        int index = records.First;
        long from = load[index].Bytes;
        long end = from + Math.Max(bytesMin, SizeOf(load, index));
        for (int next = index + 1; next <= records.Last; next++)
        {
            long begin = load[next].Bytes;
            long through = begin + SizeOf(load, next);
            if (begin > end + GapBytesMax || through > from + PieceBytesMax)
                break;

            end = Math.Max(end, through);
        }

        int bytes = (int)(Math.Min(end, segment.End) - from);
        Memory<byte> room = load.Rent(bytes).AsMemory(0, bytes);
        DiskJob job = disk.Read(segment, from, room);
        _pieces.Add(job, new Piece(load, index, segment, from, room));
    }

    /// <summary>A job is done: which piece was it?</summary>
    public Piece Take(DiskJob job)
    {
        _pieces.Remove(job, out Piece? piece);
        return piece ?? throw new InvalidOperationException("Nobody has asked for this.");
    }

    /// <summary>A load is done.</summary>
    public void Done(LogLoad load) => _done.Enqueue(load);

    /// <summary>Gives back a load that is done.</summary>
    public bool TryTake([NotNullWhen(true)] out LogLoad? load) => _done.TryDequeue(out load);

    private static long SizeOf(LogLoad load, int index) =>
        RecordFormat.HeaderBytes + Math.Max(load.BytesOf(index), 0L);

    /// <summary>A piece of a segment.</summary>
    internal sealed record Piece(
        LogLoad Load, int Index, Segment Segment, long From, Memory<byte> Room);
}
