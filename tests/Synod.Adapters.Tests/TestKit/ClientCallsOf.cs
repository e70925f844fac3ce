using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>What clients of each model ask for.</summary>
internal static class ClientCallsOf
{
    private const int Letters = 5;

    public static ClientCalls<long> Counter { get; } = new(
        new CounterModel(),
        static (random, _) => random.Chance(1, 2)
            ? ("get", HistoryValue.Null)
            : ("incr", 1 + random.Below(3)),
        static (state, operation) => operation.F == "get"
            ? state
            : state + operation.Value.AsInt64());

    /// <summary>Every value is written once.</summary>
    public static ClientCalls<HistoryValue> KeyValue { get; } = new(
        new KeyValueModel(),
        static (random, number) => random.Below(8) switch
        {
            0 or 1 => ("put", number),
            2 => ("cas", HistoryValue.List(number - random.Below(6), number)),
            3 => ("add", number),
            4 => ("delete", HistoryValue.Null),
            _ => ("get", HistoryValue.Null),
        },
        AnswerKeyValue);

    /// <summary>Five values are written again and again.</summary>
    public static ClientCalls<HistoryValue> KeyValueOfLetters { get; } = new(
        new KeyValueModel(),
        static (random, _) => random.Below(6) switch
        {
            0 or 1 => ("put", random.Below(Letters)),
            2 => ("cas", HistoryValue.List(random.Below(Letters), random.Below(Letters))),
            _ => ("get", HistoryValue.Null),
        },
        AnswerKeyValue);

    /// <summary>Every value is put in once.</summary>
    public static ClientCalls<QueueState> Queue { get; } = new(
        new QueueModel(), AskQueue, AnswerQueue);

    /// <summary>Five values are put in again and again.</summary>
    public static ClientCalls<QueueState> QueueOfLetters { get; } = new(
        new QueueModel(),
        static (random, _) => AskQueue(random, random.Below(Letters)),
        AnswerQueue);

    public static ClientCalls<HistoryValue> Once { get; } = new(
        new OnceModel(),
        static (random, number) => random.Below(6) switch
        {
            0 or 1 => ("put", number),
            2 => ("erase", HistoryValue.Null),
            _ => ("get", HistoryValue.Null),
        },
        static (state, operation) => operation.F switch
        {
            "put" => state.IsNull ? operation.Value : state,
            "get" => state,
            _ => HistoryValue.Null,
        });

    public static ClientCalls<LockState> Lock { get; } = new(
        new LockModel(),
        static (random, _) => random.Below(5) switch
        {
            0 or 1 => ("acquire", random.Below(Letters)),
            2 or 3 => ("release", random.Below(Letters)),
            _ => ("expire", random.Below(Letters)),
        },
        static (state, operation) => operation.F switch
        {
            "acquire" when state.Owner.IsNull => state.Token + 1,
            "acquire" => false,
            _ => state.Owner == operation.Value,
        });

    public static ClientCalls<LogState> Log { get; } = new(
        new LogModel(),
        static (random, number) => random.Chance(2, 3)
            ? ("append", number)
            : ("read", HistoryValue.Null),
        static (state, operation) => operation.F == "append"
            ? state.Index + 1
            : HistoryValue.List([.. state.Values().Reverse()]));

    public static ClientCalls<TransactionState> Transactions(int keys) => new(
        new TransactionModel(),
        (random, number) => ("txn", HistoryValue.List(
            Step(random, keys, number), Step(random, keys, number))),
        AnswerTransaction);

    private static (string F, HistoryValue Value) AskQueue(SeededRandom random, long value) =>
        random.Below(9) switch
        {
            0 => ("len", HistoryValue.Null),
            <= 4 => ("enq", value),
            _ => ("deq", HistoryValue.Null),
        };

    private static HistoryValue AnswerQueue(QueueState state, Operation operation) =>
        operation.F == "deq" ? state.Oldest : state.Count;

    private static HistoryValue AnswerKeyValue(HistoryValue state, Operation operation) =>
        operation.F switch
        {
            "get" => state,
            "put" => HistoryValue.Null,
            "cas" => state == operation.Value.AsList()[0],
            "add" => state.IsNull,
            _ => !state.IsNull,
        };

    private static HistoryValue Step(SeededRandom random, int keys, long number)
    {
        HistoryValue key = $"k{random.Below(keys)}";
        return random.Chance(1, 2)
            ? HistoryValue.List("r", key, default)
            : HistoryValue.List("w", key, number);
    }

    private static HistoryValue AnswerTransaction(TransactionState state, Operation operation)
    {
        List<HistoryValue> answers = [];
        foreach (HistoryValue step in operation.Value.AsList())
        {
            IReadOnlyList<HistoryValue> parts = step.AsList();
            string key = parts[1].AsString();
            bool isRead = parts[0] == "r";
            answers.Add(isRead ? HistoryValue.List("r", key, state[key]) : step);
            state = isRead ? state : state.With(key, parts[2]);
        }

        return HistoryValue.List([.. answers]);
    }
}
