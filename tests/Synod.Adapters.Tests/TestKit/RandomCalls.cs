using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>What clients of a model ask for, and all that they might be answered.</summary>
/// <param name="Next">A call.</param>
/// <param name="Answers">Every answer that it might have.</param>
internal sealed record RandomCalls(
    Func<SeededRandom, (string F, HistoryValue Value)> Next,
    Func<Operation, IEnumerable<HistoryValue>> Answers)
{
    private static readonly HistoryValue[] Letters = ["a", "b"];

    private static readonly HistoryValue[] Small =
        [.. Enumerable.Range(0, 9).Select(static number => HistoryValue.FromInt64(number))];

    private static readonly HistoryValue[] Booleans = [true, false];

    private static readonly HistoryValue[] LettersOrNull = [.. Letters, default];

    private static readonly HistoryValue[] Lists = [.. Enumerable.Range(0, 5).SelectMany(ListsOf)];

    public static RandomCalls Counter { get; } = new(
        static random => random.Chance(1, 3)
            ? ("get", HistoryValue.Null)
            : ("incr", 1 + random.Below(2)),
        static _ => Small);

    public static RandomCalls KeyValue { get; } = new(
        static random => random.Below(6) switch
        {
            0 => ("put", Letter(random)),
            1 => ("cas", HistoryValue.List(Letter(random), Letter(random))),
            2 => ("delete", default),
            3 => ("add", Letter(random)),
            _ => ("get", default),
        },
        static operation => operation.F switch
        {
            "put" => [default],
            "get" => LettersOrNull,
            "delete" => [.. Booleans, .. LettersOrNull.Select(Previous)],
            _ => Booleans,
        });

    public static RandomCalls Queue { get; } = new(
        static random => random.Below(5) switch
        {
            0 or 1 => ("enq", Letter(random)),
            2 or 3 => ("deq", default),
            _ => ("len", default),
        },
        static operation => operation.F == "deq" ? LettersOrNull : Small);

    public static RandomCalls Once { get; } = new(
        static random => random.Below(5) switch
        {
            0 or 1 => ("put", Letter(random)),
            2 => ("erase", default),
            _ => ("get", default),
        },
        static operation => operation.F switch
        {
            "put" => Letters,
            "get" => LettersOrNull,
            _ => [default],
        });

    public static RandomCalls Owned { get; } = new(
        static random => random.Below(5) switch
        {
            0 or 1 => ("put", HistoryValue.List(random.Below(4), Letter(random))),
            2 => ("end", Letter(random)),
            _ => ("get", default),
        },
        static operation => operation.F switch
        {
            "put" => [.. Small, false],
            "get" => [.. Small, default],
            _ => [default],
        });

    public static RandomCalls Lock { get; } = new(
        static random => random.Below(5) switch
        {
            0 or 1 => ("acquire", Letter(random)),
            2 or 3 => ("release", Letter(random)),
            _ => ("expire", Letter(random)),
        },
        static operation => operation.F == "acquire" ? [.. Small, false] : Booleans);

    public static RandomCalls Log { get; } = new(
        static random => random.Chance(1, 2)
            ? ("append", Letter(random))
            : ("read", default),
        static operation => operation.F == "append" ? Small : Lists);

    public static RandomCalls Transactions { get; } = new(
        static random => ("txn", HistoryValue.List(Step(random), Step(random))),
        static operation => operation.Value.AsList()
            .Select(Answered)
            .Aggregate(
                (IEnumerable<HistoryValue[]>)[[]],
                static (heads, steps) => heads.SelectMany(
                    head => steps.Select(step => (HistoryValue[])[.. head, step])))
            .Select(static steps => HistoryValue.List(steps)));

    private static HistoryValue Letter(SeededRandom random) => Letters[random.Below(2)];

    private static HistoryValue Previous(HistoryValue value) =>
        HistoryValue.Map([KeyValuePair.Create("prev", value)]);

    private static IEnumerable<HistoryValue> ListsOf(int length) => length == 0
        ? [HistoryValue.EmptyList]
        : ListsOf(length - 1).SelectMany(static list => Letters.Select(
            letter => HistoryValue.List([.. list.AsList(), letter])));

    private static HistoryValue Step(SeededRandom random)
    {
        HistoryValue key = random.Chance(1, 2) ? "x" : "y";
        return random.Below(4) switch
        {
            0 => HistoryValue.List("w", key, random.Below(2)),
            1 => HistoryValue.List("append", key, Letter(random)),
            _ => HistoryValue.List("r", key, default),
        };
    }

    private static IEnumerable<HistoryValue> Answered(HistoryValue step)
    {
        IReadOnlyList<HistoryValue> parts = step.AsList();
        if (parts[0] != "r")
            return [step];

        HistoryValue[] seen = [default, 0, 1, .. Lists];
        return seen.Select(value => HistoryValue.List(parts[0], parts[1], value));
    }
}
