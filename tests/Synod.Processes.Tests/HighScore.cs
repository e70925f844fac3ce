using Synod.Abstractions;

namespace Synod.Processes.Tests;

/// <summary>A machine of a user: keeps the best score. That is all there is to write.</summary>
internal sealed class HighScore : KeyedMachine<long>
{
    public HighScore()
        : base("high-score", Codec.Number, absent: 0)
    {
        Command(
            tag: 1,
            Codec.Of<Beat>(
                static (beat, buffer) => buffer.WriteInt64(beat.Score),
                static (ref reader) => new Beat(reader.ReadInt64())),
            Codec.Boolean,
            static (in context, key, best, beat) => beat.Score < 0
                ? new Refusal("a score is not negative")
                : (Math.Max(best, beat.Score), beat.Score > best));
        Query(tag: 1, Codec.Empty(new Best()), Codec.Number, static (key, best, query) => best);
    }
}
