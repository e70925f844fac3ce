using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>Verdicts, budgets and explanations.</summary>
public class CheckerTests
{
    private readonly List<Operation> _operations = [];

    [Fact]
    public void An_unknown_outcome_may_take_effect_late_or_never()
    {
        Add("put", "a", (0, 10), default);
        Unknown("put", "b", 5);
        Add("get", default, (20, 30), "a");
        Add("get", default, (1000, 1001), "b");

        Assert.IsType<CheckResult.Linearizable>(Check());
    }

    [Fact]
    public void An_unknown_outcome_takes_effect_once_and_not_before_its_call()
    {
        Add("put", "a", (0, 10), default);
        Add("get", default, (11, 20), "b");
        Unknown("put", "b", 30);

        Assert.Equal("get() → \"b\"", Assert.Single(Explain().Window).ToString());
    }

    [Fact]
    public void What_failed_is_left_out()
    {
        Add("put", "a", (0, 10), default);
        _operations.Add(new Operation(9, "put", "k", "b", 0, 5, OperationType.Fail, default));
        Add("get", default, (11, 20), "b");

        Assert.IsType<CheckResult.NotLinearizable>(Check());
    }

    [Fact]
    public void Without_time_it_is_undecided()
    {
        Add("put", "a", (0, 10), default);

        CheckResult result = LinearizabilityChecker.Check(
            new History("kv", _operations), new CheckOptions { TimeBudget = TimeSpan.Zero });

        Assert.Equal(
            "the time budget of 0 s is spent",
            Assert.IsType<CheckResult.Undecided>(result).Reason);
    }

    [Fact]
    public void Ten_thousand_operations_in_a_row_are_no_depth_that_matters()
    {
        for (int time = 0; time < 10_000; time++)
            Add("put", time, (time * 2, (time * 2) + 1), default);
        Add("get", default, (30_000, 30_001), 9_999);

        Assert.IsType<CheckResult.Linearizable>(Check());
    }

    [Fact]
    public void The_window_has_what_contradicts_and_the_states_before()
    {
        Add("put", "a", (0, 10), default);
        Add("cas", HistoryValue.List("a", "b"), (20, 40), true);
        Add("cas", HistoryValue.List("a", "c"), (20, 50), true);
        Add("get", default, (20, 60), "a");

        Violation violation = Explain();

        Assert.Equal(["\"a\""], violation.States);
        Assert.Equal(
            ["cas([\"a\",\"b\"]) → true", "cas([\"a\",\"c\"]) → true"],
            violation.Window.Select(static operation => operation.ToString()));
    }

    [Fact]
    public void Every_operation_of_a_window_is_needed()
    {
        int large = 0;
        for (ulong seed = 1; seed <= 1000; seed++)
        {
            // All overlap, so that the window alone is the whole history from the first state on.
            SeededRandom random = new(seed);
            RandomHistory<HistoryValue> machine = new(
                new KeyValueModel(), RandomCalls.KeyValue, random)
            {
                Processes = 20,
                Keys = 1,
                WrongPercent = 30,
            };
            History made = machine.Make(5);
            History history = new("kv", made.Operations.Select(static (operation, place) =>
                operation with { Process = place, Call = 0, Return = 10 }));
            if (LinearizabilityChecker.Check(history) is not CheckResult.NotLinearizable bad)
                continue;

            IReadOnlyList<Operation> window = bad.Violation.Window;
            large += window.Count > 1 ? 1 : 0;
            Operation[] rest = [.. history.Operations.Except(window)];
            Assert.True(IsBad(history, rest), $"seed {seed}");
            Assert.All(
                window.Where(operation => operation != bad.Violation.Offending),
                operation => Assert.False(IsBad(history, [.. rest, operation]), $"seed {seed}"));
        }

        Assert.InRange(large, 20, 1000);
    }

    [Fact]
    public void The_page_needs_nothing_else_and_quotes_what_it_shows()
    {
        Add("put", "<script>", (0, 10), default);
        Add("get", default, (11, 20), default);

        string page = Explain().ToHtml();

        Assert.StartsWith("<!doctype html>", page);
        Assert.Contains("prefers-color-scheme: dark", page);
        Assert.Contains("class=\"offending\"", page);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("http", page);
        Assert.DoesNotContain("<link", page);
    }

    [Fact]
    public void The_text_names_the_operation_and_the_states()
    {
        Add("put", "a", (0, 10), default);
        Add("get", default, (11, 20), "b");

        string text = Explain().ToText();

        Assert.Contains("no order of the operations allows get of process 1, marked with >", text);
        Assert.Contains("  >       11 … 20       process 1    get() → \"b\"", text);
        Assert.Contains("Possible states at its call:\n    \"a\"\n", text.ReplaceLineEndings("\n"));
    }

    // Whether it still fails when nothing is known of the outcome of some operations.
    private static bool IsBad(History history, Operation[] weakened)
    {
        IEnumerable<Operation> operations = history.Operations
            .Select((operation, place) => weakened.Contains(operation)
                ? operation.Weakened() with { Process = 100 + place }
                : operation);
        return !BruteForce.IsLinearizable(new KeyValueModel(), operations);
    }

    private void Add(
        string f, HistoryValue value, (long Call, long Return) time, HistoryValue output) =>
        _operations.Add(new Operation(
            _operations.Count, f, "k", value, time.Call, time.Return, OperationType.Ok, output));

    private void Unknown(string f, HistoryValue value, long call) => _operations.Add(new Operation(
        _operations.Count, f, "k", value, call, null, OperationType.Info, default));

    private CheckResult Check() => LinearizabilityChecker.Check(new History("kv", _operations));

    private Violation Explain() =>
        Assert.IsType<CheckResult.NotLinearizable>(Check()).Violation;
}
