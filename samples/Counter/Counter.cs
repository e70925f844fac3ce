using Synod.Abstractions;

namespace Synod.Samples.Counter;

// snippet: counter

/// <summary>Adds to the counter; the result is its new value.</summary>
public sealed record Add(long Amount) : ICommand<long>;

/// <summary>Asks for the value.</summary>
public sealed record GetValue : IQuery<long>;

/// <summary>A replicated counter for each key. This is all that a user writes.</summary>
public sealed class Counter : KeyedMachine<long>
{
    /// <summary>Names the commands and queries.</summary>
    public Counter()
        : base("counter", Codec.Number, absent: 0)
    {
        Command(
            tag: 1,
            Codec.Of<Add>(
                static (add, buffer) => buffer.WriteInt64(add.Amount),
                static (ref reader) => new Add(reader.ReadInt64())),
            Codec.Number,
            static (in context, key, value, add) => Sum(value, add.Amount));
        Query(
            tag: 1,
            Codec.Empty(new GetValue()),
            Codec.Number,
            static (key, value, getValue) => value);
    }

    private static Transition<long, long> Sum(long value, long amount)
    {
        Int128 sum = (Int128)value + amount;
        return sum >= long.MinValue && sum <= long.MaxValue
            ? ((long)sum, (long)sum)
            : new Refusal($"{value} and {amount} are more than a counter holds.");
    }
}

// end-snippet
