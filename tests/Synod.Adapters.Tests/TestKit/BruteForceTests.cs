using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>On histories that are small enough to try every order, the checker says the same as
/// that.</summary>
public class BruteForceTests
{
    private const ulong SeedsCount = 500;
    private const int OperationsMax = 8;

    [Fact]
    public void Counters_are_judged_alike() =>
        Compare(new CounterModel(), RandomCalls.Counter);

    [Fact]
    public void Key_value_stores_are_judged_alike() =>
        Compare(new KeyValueModel(), RandomCalls.KeyValue);

    [Fact]
    public void Queues_are_judged_alike() => Compare(new QueueModel(), RandomCalls.Queue);

    [Fact]
    public void Write_once_values_are_judged_alike() => Compare(new OnceModel(), RandomCalls.Once);

    [Fact]
    public void Owned_values_are_judged_alike() => Compare(new OwnedModel(), RandomCalls.Owned);

    [Fact]
    public void Locks_are_judged_alike() => Compare(new LockModel(), RandomCalls.Lock);

    [Fact]
    public void Logs_are_judged_alike() => Compare(new LogModel(), RandomCalls.Log);

    [Fact]
    public void Transactions_are_judged_alike() =>
        Compare(new TransactionModel(), RandomCalls.Transactions);

    private static void Compare<TState>(HistoryModel<TState> model, RandomCalls calls)
        where TState : notnull, IEquatable<TState>
    {
        int good = 0;
        for (ulong seed = 1; seed <= SeedsCount; seed++)
        {
            History history = Make(model, calls, seed);

            CheckResult result = LinearizabilityChecker.Check(history, model);

            bool isGood = BruteForce.IsLinearizable(model, history.Operations);
            Assert.True(isGood == result is CheckResult.Linearizable, Text(seed, history));
            good += isGood ? 1 : 0;
        }

        Assert.InRange(good, (int)SeedsCount / 10, (int)SeedsCount * 9 / 10);
    }

    private static string Text(ulong seed, History history)
    {
        using StringWriter text = new();
        history.WriteTo(text);
        return $"seed {seed}:\n{text}";
    }

    private static History Make<TState>(
        HistoryModel<TState> model, RandomCalls calls, ulong seed)
        where TState : notnull, IEquatable<TState>
    {
        SeededRandom random = new(seed);
        RandomHistory<TState> machine = new(model, calls, random)
        {
            Processes = 4,
            Keys = 1 + (int)random.Below(2),
            WrongPercent = (int)random.Below(30),
            UnknownPermille = (int)random.Below(400),
        };
        return machine.Make(3 + (int)random.Below(OperationsMax - 2));
    }
}
