using System.Text;
using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Write-once keys: the first value that is put stays until the life of the key ends. A
/// key that has ended keeps its generation, so that no late command of an earlier life can touch a
/// later one. Runs on every protocol; on <c>register</c> without leader and without order between
/// keys. <see cref="Registers"/> is the store that is made of it.</summary>
public sealed class WriteOnce : KeyedMachine<WriteOnceEntry>
{
    /// <summary>The largest value, in bytes.</summary>
    public const int ValueBytesMax = 64 << 10;

    /// <summary>The largest key with its bucket, in bytes of UTF-8.</summary>
    public const int KeyBytesMax = 1 << 10;

    // A key without a state is absent, and absent is the default.
    private static readonly ICodec<WriteOnceEntry> State = Codec.Of<WriteOnceEntry>(
        static (entry, buffer) =>
        {
            if (entry != default)
                entry.WriteTo(buffer);
        },
        static (ref reader) => WriteOnceEntry.ReadFrom(ref reader));

    private static readonly ICodec<WriteOnceEntry> Entry = Codec.Of<WriteOnceEntry>(
        static (entry, buffer) => entry.WriteTo(buffer),
        static (ref reader) => WriteOnceEntry.ReadFrom(ref reader));

    private static readonly ICodec<PutOnce> Put = Codec.Of<PutOnce>(
        static (put, buffer) =>
        {
            buffer.WriteSized(put.Value.Span);
            put.Lifetime.WriteTo(buffer);
        },
        static (ref reader) =>
            new PutOnce(reader.ReadSized().ToArray(), Lifetime.ReadFrom(ref reader)));

    private static readonly ICodec<EndKey> End = Codec.Of<EndKey>(
        static (end, buffer) =>
        {
            buffer.WriteBoolean(end.Generation is not null);
            end.Generation?.WriteTo(buffer);
            buffer.WriteBoolean(end.Clock is not null);
            if (end.Clock is long clock)
                buffer.WriteInt64(clock);
        },
        static (ref reader) => new EndKey(
            reader.ReadBoolean() ? Generation.ReadFrom(ref reader) : null,
            reader.ReadBoolean() ? reader.ReadCount() : null));

    private static readonly ICodec<RenewKey> Renew = Codec.Of<RenewKey>(
        static (renew, buffer) =>
        {
            renew.Generation.WriteTo(buffer);
            buffer.WriteInt64(renew.Until);
        },
        static (ref reader) =>
            new RenewKey(Generation.ReadFrom(ref reader), reader.ReadCount()));

    /// <summary>Names the commands and queries.</summary>
    public WriteOnce()
        : base("write-once", State, absent: default)
    {
        Command(
            tag: 1, Put, Entry,
            static (in context, key, entry, put) => Run(key, entry, put));
        Command(
            tag: 2, End, Entry,
            static (in context, key, entry, end) => Run(key, entry, end));
        Command(
            tag: 3, Renew, Entry,
            static (in context, key, entry, renew) => Run(entry, renew));
        Query(
            tag: 1, Codec.Empty(new GetOnce()), Entry,
            static (key, entry, get) => entry);
    }

    private static Transition<WriteOnceEntry, WriteOnceEntry> Run(
        string key, WriteOnceEntry entry, PutOnce put)
    {
        if (Fault(key, put) is string fault)
            return new Refusal(fault);
        if (entry.IsLive)
            return (entry, entry);
        if (HasEnded(entry) && RegisterNames.EndsForEver(key))
            return new Refusal($"{key} has ended, for ever.");

        WriteOnceEntry next = new(entry.Generation.Next(), true, put.Value, put.Lifetime);
        return (next, next);
    }

    private static Transition<WriteOnceEntry, WriteOnceEntry> Run(
        string key, WriteOnceEntry entry, EndKey end)
    {
        if (end.Generation > entry.Generation)
            return new Refusal(NotBegun(end.Generation.Value, entry));

        // What ends for ever also ends if the command that begins it is still on its way.
        if (entry == default && RegisterNames.EndsForEver(key))
            entry = new WriteOnceEntry(entry.Generation.Next(), true, default);
        bool isOver = end.Generation < entry.Generation || !entry.IsLive;
        bool isEarly = end.Clock is long clock && !(entry.Lifetime.Until <= clock);
        WriteOnceEntry next = isOver || isEarly ? entry : entry.Ended();
        return (next, next);
    }

    private static Transition<WriteOnceEntry, WriteOnceEntry> Run(
        WriteOnceEntry entry, RenewKey renew)
    {
        if (renew.Generation > entry.Generation)
            return new Refusal(NotBegun(renew.Generation, entry));

        bool isPresent = renew.Generation == entry.Generation && entry.IsLive;
        WriteOnceEntry next = isPresent && entry.Lifetime.Until < renew.Until
            ? entry with { Lifetime = entry.Lifetime with { Until = renew.Until } }
            : entry;
        return (next, next);
    }

    private static string? Fault(string key, PutOnce put)
    {
        if (key.Length == 0)
            return "A key has one character at least.";
        int bytes = Encoding.UTF8.GetByteCount(key);
        if (bytes > KeyBytesMax)
            return $"The key has {bytes} bytes; {KeyBytesMax} is the limit.";

        return put.Value.Length > ValueBytesMax
            ? $"The value has {put.Value.Length} bytes; {ValueBytesMax} is the limit."
            : null;
    }

    private static bool HasEnded(WriteOnceEntry entry) => entry != default && !entry.IsLive;

    private static string NotBegun(Generation generation, WriteOnceEntry entry) =>
        $"{generation} has not begun: the key is at {entry.Generation}.";
}
