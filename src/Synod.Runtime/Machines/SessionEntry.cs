using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The duplicate table of one session on one key: the last sequence applied, and the
/// results that the client has not acknowledged.</summary>
internal sealed class SessionEntry
{
    private readonly List<(long Sequence, CommandResult Result)> _results = new(1);

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

    /// <summary>Records the result of the sequence that was just applied, and forgets results that
    /// nobody will ask for any more. The sequence stays: it is what keeps a late copy from being
    /// applied again.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="result">Its result.</param>
    /// <param name="acknowledged">Up to here the client has seen the results.</param>
    public void Record(long sequence, CommandResult result, long acknowledged)
    {
        Last = sequence;

        // A client that waits for each answer has seen the only one there is.
        if (_results.Count == 1 && _results[0].Sequence <= acknowledged)
        {
            _results[0] = (sequence, result);
            return;
        }

        // They are in the order of their sequences. Of every command: a lambda would be allocated.
        int count = 0;
        while (count < _results.Count && _results[count].Sequence <= acknowledged)
            count++;
        if (count > 0)
            _results.RemoveRange(0, count);
        _results.Add((sequence, result));
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

    /// <summary>Passes over what <see cref="WriteTo"/> wrote.</summary>
    public static void Skip(ref FrameReader reader)
    {
        reader.ReadCount();
        int count = reader.ReadInt32();
        for (int result = 0; result < count && reader.IsValid; result++)
        {
            reader.ReadCount();
            reader.ReadByte();
            reader.ReadSized();
        }
    }
}
