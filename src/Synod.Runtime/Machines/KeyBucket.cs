using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>All keys with one hash, as a protocol that decides about each key for itself replicates
/// them: nearly always one. A few bytes of luck, or of malice, cost time and never mix two
/// keys.</summary>
internal sealed class KeyBucket
{
    private const byte Format = 1;

    private readonly List<(byte[] Key, KeyEntry Entry)> _entries = new(1);

    /// <summary>The entry of a key, made if it is not there.</summary>
    public KeyEntry FindOrAdd(ReadOnlySpan<byte> key)
    {
        foreach ((byte[] other, KeyEntry entry) in _entries)
        {
            if (key.SequenceEqual(other))
                return entry;
        }

        KeyEntry added = new();
        _entries.Add((key.ToArray(), added));
        return added;
    }

    /// <summary>Appends the bytes. What no command was applied on is left out.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        int count = 0;
        foreach ((byte[] _, KeyEntry entry) in _entries)
            count += entry.Commands > 0 ? 1 : 0;
        if (count == 0)
            return;

        buffer.WriteByte(Format);
        buffer.WriteInt32(count);
        foreach ((byte[] key, KeyEntry entry) in _entries)
        {
            if (entry.Commands == 0)
                continue;

            buffer.WriteSized(key);
            entry.WriteTo(buffer);
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote; nothing is a bucket without keys.</summary>
    /// <exception cref="FormatException">The bytes are no bucket of this version.</exception>
    public static KeyBucket Of(ReadOnlySpan<byte> bytes)
    {
        KeyBucket bucket = new();
        if (bytes.IsEmpty)
            return bucket;

        FrameReader reader = new(bytes);
        int count = ReadCount(ref reader);
        for (int entry = 0; entry < count && reader.IsValid; entry++)
        {
            byte[] key = reader.ReadSized().ToArray();
            bucket._entries.Add((key, KeyEntry.ReadFrom(ref reader)));
        }

        return reader.IsComplete ? bucket : throw OfAnotherFormat();
    }

    /// <summary>Reads how many keys follow.</summary>
    public static int ReadCount(ref FrameReader reader)
    {
        reader.Require(reader.ReadByte() == Format);
        return reader.ReadInt32();
    }

    public static FormatException OfAnotherFormat() =>
        new("The state of a key is of another format.");
}
