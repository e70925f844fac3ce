using Synod.Cli.Demo;
using Synod.TestKit;

namespace Synod.Processes.Tests;

/// <summary>The judge of the demo must itself be right: it finds each kind of wrong history, and no
/// fault in a good one.</summary>
public class CounterVerdictTests
{
    private readonly List<Operation> _history = [];
    private int _process;

    [Fact]
    public void A_good_history_passes()
    {
        Increment(0, 10, 1);
        Increment(5, 20, 2);
        Read(0, 30, 1);
        Unknown(12);
        Increment(40, 50, 4);
        Read(60, 70, 4);

        Assert.Equal(new CounterVerdict(3, 1, 0, null), CounterVerdict.Of(_history, 4));
    }

    [Fact]
    public void An_unknown_increment_may_also_not_have_happened()
    {
        Increment(0, 10, 1);
        Unknown(12);

        Assert.Equal(new CounterVerdict(1, 1, 0, null), CounterVerdict.Of(_history, 1));
    }

    [Fact]
    public void An_acknowledged_increment_that_the_final_value_lacks_is_lost()
    {
        Increment(0, 10, 1);
        Increment(20, 30, 2);

        CounterVerdict verdict = CounterVerdict.Of(_history, 1);

        Assert.Equal(1, verdict.Lost);
        Assert.Contains("below", verdict.Fault);
    }

    [Fact]
    public void Two_increments_with_one_result_are_a_lost_one()
    {
        Increment(0, 10, 1);
        Increment(5, 15, 1);

        Assert.Equal(1, CounterVerdict.Of(_history, 1).Lost);
    }

    [Fact]
    public void An_increment_that_does_not_exceed_what_was_answered_before_is_found()
    {
        Increment(0, 10, 2);
        Increment(20, 30, 1);

        Assert.Contains("backwards", CounterVerdict.Of(_history, 2).Fault);
    }

    [Fact]
    public void A_read_of_the_past_is_found()
    {
        Increment(0, 100, 1);
        Read(10, 20, 1);
        Read(30, 40, 0);

        Assert.Contains("backwards", CounterVerdict.Of(_history, 1).Fault);
    }

    [Fact]
    public void A_read_of_the_future_is_found()
    {
        Increment(0, 10, 1);
        Read(20, 30, 2);
        Increment(40, 50, 2);

        Assert.Contains("backwards", CounterVerdict.Of(_history, 2).Fault);
    }

    [Fact]
    public void An_unknown_increment_cannot_have_made_what_was_seen_before_it_was_called()
    {
        Read(20, 30, 1);
        Unknown(40);

        Assert.Contains("nobody", CounterVerdict.Of(_history, 1).Fault);
    }

    [Fact]
    public void A_value_that_nobody_made_is_found()
    {
        Increment(0, 10, 1);
        Unknown(12);

        Assert.Contains("nobody", CounterVerdict.Of(_history, 3).Fault);
    }

    [Fact]
    public void A_read_above_the_final_value_is_found()
    {
        Unknown(0);
        Read(20, 30, 1);

        Assert.Contains("below", CounterVerdict.Of(_history, 0).Fault);
    }

    [Fact]
    public void It_agrees_with_the_names_of_the_shared_histories()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Synod.slnx")))
            root = root.Parent;
        string folder = Path.Combine(root?.Parent?.FullName ?? "", "shared", "histories");
        Assert.SkipUnless(Directory.Exists(folder), $"There is no {folder}.");

        Assert.All(Directory.GetFiles(folder, "*_counter*.jsonl"), static file =>
        {
            using StreamReader reader = File.OpenText(file);
            IReadOnlyList<Operation> history = History.Read(reader).Operations;
            long final = history.Where(static entry => entry.Type == OperationType.Ok)
                .Max(static entry => entry.Output.AsInt64());

            bool isGood = CounterVerdict.Of(history, final) is { Lost: 0, Fault: null };

            bool isNamedGood = Path.GetFileName(file).StartsWith("good", StringComparison.Ordinal);
            Assert.True(isGood == isNamedGood, Path.GetFileName(file));
        });
    }

    private void Increment(long call, long ret, long result) => _history.Add(new Operation(
        ++_process, "incr", "k", 1, call, ret, OperationType.Ok, result));

    private void Read(long call, long ret, long result) => _history.Add(new Operation(
        ++_process, "get", "k", default, call, ret, OperationType.Ok, result));

    private void Unknown(long call) => _history.Add(new Operation(
        ++_process, "incr", "k", 1, call, null, OperationType.Info, default));
}
