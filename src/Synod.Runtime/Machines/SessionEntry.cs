using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The duplicate table of one session on one key: the last sequence applied, and the
/// results that the client has not acknowledged.</summary>
internal sealed class SessionEntry
{
    private readonly List<(long Sequence, CommandResult Result)> _results = [];

    /// <summary>The last sequence applied; zero if there was none.</summary>
    public long Last { get; private set; }

    /// <summary>The recorded result of a sequence, if it is still kept.</summary>
    public CommandResult? ResultOf(long sequence)
    {
        foreach ((long recorded, CommandResult result) in _results)
        {
            if (recorded == sequence)
                return result;
        }

        return null;
    }

    /// <summary>Records the result of the sequence that was just applied.</summary>
    public void Record(long sequence, CommandResult result)
    {
        Last = sequence;
        _results.Add((sequence, result));
    }

    /// <summary>Forgets results that nobody will ask for any more. The sequence stays: it is what
    /// keeps a late copy from being applied again.</summary>
    public void Acknowledge(long through)
    {
        // They are in the order of their sequences. Of every command: a lambda would be allocated.
        int count = 0;
        while (count < _results.Count && _results[count].Sequence <= through)
            count++;
        _results.RemoveRange(0, count);
    }

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteInt64(Last);
        buffer.WriteInt32(_results.Count);
        foreach ((long sequence, CommandResult result) in _results)
        {
            buffer.WriteInt64(sequence);
            buffer.WriteByte((byte)result.Kind);
            buffer.WriteSized(result.Bytes.Span);
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    public static SessionEntry ReadFrom(ref FrameReader reader)
    {
        SessionEntry entry = new() { Last = reader.ReadCount() };
        int count = reader.ReadInt32();
        for (int result = 0; result < count && reader.IsValid; result++)
        {
            long sequence = reader.ReadCount();
            ResponseKind kind = (ResponseKind)reader.ReadByte();
            byte[] bytes = reader.ReadSized().ToArray();
            entry._results.Add((sequence, new CommandResult(kind, bytes)));
        }

        return entry;
    }
}
