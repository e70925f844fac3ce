using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Which commands a replica has handed to its machine in its life, in order: with them a
/// machine that has lost its state is made anew from the log. Each takes about three bytes, since
/// one is mostly the next record, at the same place and of the same length.</summary>
internal sealed class AppliedCommands
{
    private const int ChunkBytes = 64 << 10;
    private const int ItemBytesMax = 30;

    private readonly List<FrameBuffer> _chunks = [];
    private Payload _last;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The oldest record that holds one of them; zero if there is none.</summary>
    public RecordNumber Oldest { get; private set; }

    /// <summary>A place before the first of them.</summary>
    public static Place Start => default;

    /// <summary>One more, a logged payload.</summary>
    public void Add(Payload command)
    {
        if (_chunks.Count == 0 || _chunks[^1].Length > ChunkBytes - ItemBytesMax)
        {
            _chunks.Add(new FrameBuffer(ItemBytesMax));
            _last = default;
        }

        FrameBuffer chunk = _chunks[^1];
        Write(chunk, command.Record.Number - _last.Record.Number);
        Write(chunk, command.Offset - (long)_last.Offset);
        Write(chunk, command.Length - (long)_last.Length);
        _last = command;
        if (Count++ == 0 || command.Record < Oldest)
            Oldest = command.Record;
    }

    /// <summary>The command behind a place, and the place behind that.</summary>
    /// <returns>False if it is the last.</returns>
    public bool TryNext(Place place, out Payload command, out Place next)
    {
        command = default;
        next = place;
        if (place.Chunk < _chunks.Count && place.Offset == _chunks[place.Chunk].Length)
            place = new Place(place.Chunk + 1, 0, default);
        if (place.Chunk >= _chunks.Count)
            return false;

        ReadOnlySpan<byte> bytes = _chunks[place.Chunk].Written[place.Offset..];
        int read = 0;
        long record = place.Last.Record.Number + Read(bytes, ref read);
        long offset = place.Last.Offset + Read(bytes, ref read);
        long length = place.Last.Length + Read(bytes, ref read);
        command = Payload.Logged(new RecordNumber(record), (int)offset, (int)length);
        next = new Place(place.Chunk, place.Offset + read, command);
        return true;
    }

    // Small numbers of either sign are few bytes, seven bits in each.
    private static void Write(FrameBuffer chunk, long value)
    {
        ulong rest = unchecked((ulong)((value << 1) ^ (value >> 63)));
        while (rest >= 0x80)
        {
            chunk.WriteByte((byte)((rest & 0x7F) | 0x80));
            rest >>= 7;
        }

        chunk.WriteByte((byte)rest);
    }

    private static long Read(ReadOnlySpan<byte> bytes, ref int read)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[read++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)(value >> 1) ^ -(long)(value & 1);
        }
    }

    /// <summary>A place between two commands. The default is the start.</summary>
    internal readonly record struct Place(int Chunk, int Offset, Payload Last);
}
