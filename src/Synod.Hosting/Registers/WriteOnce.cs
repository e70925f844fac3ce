using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Write-once keys: the first value that is put stays until the life of the key ends. A
/// key that has ended keeps its generation, so that no late command of an earlier life can touch a
/// later one. Runs on every protocol; on <c>register</c> without leader and without order between
/// keys.</summary>
public sealed class WriteOnce : KeyedMachine<WriteOnceEntry>
{
    /// <summary>The largest value.</summary>
    public const int ValueBytesMax = 64 << 10;

    private static readonly ICodec<WriteOnceEntry> Entry = Codec.Of<WriteOnceEntry>(
        static (entry, buffer) => entry.WriteTo(buffer),
        static (ref reader) => WriteOnceEntry.ReadFrom(ref reader));

    private static readonly ICodec<PutOnce> Put = Codec.Of<PutOnce>(
        static (put, buffer) => buffer.WriteSized(put.Value.Span),
        static (ref reader) => new PutOnce(reader.ReadSized().ToArray()));

    private static readonly ICodec<EndKey> End = Codec.Of<EndKey>(
        static (end, buffer) => end.Generation.WriteTo(buffer),
        static (ref reader) => new EndKey(Generation.ReadFrom(ref reader)));

    /// <summary>Names the commands and queries.</summary>
    public WriteOnce()
        : base("write-once", Entry, absent: default)
    {
        Command(
            tag: 1, Put, Entry,
            static (in context, key, entry, put) => Run(key, entry, put));
        Command(
            tag: 2, End, Entry,
            static (in context, key, entry, end) => Run(entry, end));
        Query(
            tag: 1, Codec.Empty(new GetOnce()), Entry,
            static (key, entry, get) => entry);
    }

    private static Transition<WriteOnceEntry, WriteOnceEntry> Run(
        string key, WriteOnceEntry entry, PutOnce put)
    {
        if (key.Length == 0)
            return new Refusal("A key has one character at least.");
        if (put.Value.Length > ValueBytesMax)
        {
            return new Refusal(
                $"The value has {put.Value.Length} bytes; {ValueBytesMax} is the limit.");
        }

        WriteOnceEntry next = entry.IsLive
            ? entry
            : new WriteOnceEntry(entry.Generation.Next(), true, put.Value);
        return (next, next);
    }

    private static Transition<WriteOnceEntry, WriteOnceEntry> Run(
        WriteOnceEntry entry, EndKey end)
    {
        if (end.Generation > entry.Generation)
        {
            return new Refusal(
                $"{end.Generation} has not begun: the key is at {entry.Generation}.");
        }

        bool isOver = end.Generation < entry.Generation || !entry.IsLive;
        WriteOnceEntry next = isOver ? entry : new WriteOnceEntry(entry.Generation, false, default);
        return (next, next);
    }
}
