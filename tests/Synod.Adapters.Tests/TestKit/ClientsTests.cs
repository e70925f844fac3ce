using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>Where what was read tells who has written it, the checker knows much before it
/// searches: on small histories it says the same as every order, and long ones are soon
/// judged.</summary>
public class ClientsTests
{
    private const ulong SeedsCount = 500;
    private const int LongCount = 2000;

    private static readonly CheckOptions Patient = new() { TimeBudget = TimeSpan.FromMinutes(2) };

    [Fact]
    public void Counters_are_judged_alike() => Compare(ClientCallsOf.Counter);

    [Fact]
    public void Key_value_stores_are_judged_alike() => Compare(ClientCallsOf.KeyValue);

    [Fact]
    public void Key_value_stores_of_few_values_are_judged_alike() =>
        Compare(ClientCallsOf.KeyValueOfLetters);

    [Fact]
    public void Queues_are_judged_alike() => Compare(ClientCallsOf.Queue);

    [Fact]
    public void Queues_of_few_values_are_judged_alike() => Compare(ClientCallsOf.QueueOfLetters);

    [Fact]
    public void Write_once_values_are_judged_alike() => Compare(ClientCallsOf.Once);

    [Fact]
    public void Locks_are_judged_alike() => Compare(ClientCallsOf.Lock);

    [Fact]
    public void Logs_are_judged_alike() => Compare(ClientCallsOf.Log);

    [Fact]
    public void Transactions_are_judged_alike() => Compare(ClientCallsOf.Transactions(2));

    [Fact]
    public void A_long_log_is_judged_right() => Judge(ClientCallsOf.Log, "read");

    [Fact]
    public void A_long_key_value_history_is_judged_right() => Judge(ClientCallsOf.KeyValue, "get");

    private static void Judge<TState>(ClientCalls<TState> calls, string f)
        where TState : notnull, IEquatable<TState>
    {
        SimulatedClients<TState> clients = new(calls, new SeededRandom(1)) { UnknownPermille = 10 };
        IReadOnlyList<Operation> good = clients.Run(LongCount);
        IReadOnlyList<Operation> bad = SimulatedClients<TState>.Spoil(good, f, 90);

        Assert.IsType<CheckResult.Linearizable>(
            LinearizabilityChecker.Check(new History(calls.Model.Name, good), Patient));
        Assert.IsType<CheckResult.NotLinearizable>(
            LinearizabilityChecker.Check(new History(calls.Model.Name, bad), Patient));
    }

    private static void Compare<TState>(ClientCalls<TState> calls)
        where TState : notnull, IEquatable<TState>
    {
        int good = 0;
        for (ulong seed = 1; seed <= SeedsCount; seed++)
        {
            History history = Make(calls, seed);

            CheckResult result = LinearizabilityChecker.Check(history, calls.Model);

            bool isGood = BruteForce.IsLinearizable(calls.Model, history.Operations);
            Assert.True(isGood == result is CheckResult.Linearizable, Text(seed, history));
            good += isGood ? 1 : 0;
        }

        Assert.InRange(good, (int)SeedsCount / 10, (int)SeedsCount * 97 / 100);
    }

    private static string Text(ulong seed, History history)
    {
        using StringWriter text = new();
        history.WriteTo(text);
        return $"seed {seed}:\n{text}";
    }

    private static History Make<TState>(ClientCalls<TState> calls, ulong seed)
        where TState : notnull, IEquatable<TState>
    {
        SeededRandom random = new(seed);
        SimulatedClients<TState> clients = new(calls, random)
        {
            Processes = 2 + (int)random.Below(3),
            WrongPercent = (int)random.Below(40),
            UnknownPermille = (int)random.Below(400),
            ThinkMax = 3,
            ServeMax = 2 + (int)random.Below(9),
        };
        return new History(calls.Model.Name, clients.Run(3 + (int)random.Below(6)));
    }
}
