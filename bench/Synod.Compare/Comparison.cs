using Synod.Cli.Bench;

namespace Synod.Compare;

/// <summary>What was measured: of each contender and load, a row for each round.</summary>
internal sealed class Comparison(ComparePlan plan)
{
    private readonly List<Window> _windows = [];
    private readonly List<MachineFacts> _machine = [];

    public ComparePlan Plan => plan;

    public IReadOnlyList<Window> Windows => _windows;

    /// <summary>What the machine could do at best, in the middle of all rounds.</summary>
    public MachineFacts Machine => _machine[0] with
    {
        Flush = Median(static facts => facts.Flush),
        FlushTogether = Median(static facts => facts.FlushTogether),
        RoundTrip = Median(static facts => facts.RoundTrip),
    };

    /// <summary>Whether every call of every window has succeeded.</summary>
    public bool IsWhole => _windows.TrueForAll(
        static one => one.Row.Counts is { Done: > 0, Failed: 0, Overloaded: 0 });

    public bool Has(string contender) => _windows.Exists(one => one.Contender == contender);

    public void Add(MachineFacts facts) => _machine.Add(facts);

    public void Add(string contender, LoadKind load, BenchRow row) =>
        _windows.Add(new Window(contender, load, row));

    public IEnumerable<BenchRow> RowsOf(string contender, LoadKind load) => _windows
        .Where(one => one.Contender == contender && one.Load == load)
        .Select(static one => one.Row);

    /// <summary>The middle of what the windows of a contender say; not a number without
    /// any.</summary>
    public double Median(string contender, LoadKind load, Func<BenchRow, double> number)
    {
        double[] sorted = [.. RowsOf(contender, load).Select(number).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    private TimeSpan Median(Func<MachineFacts, TimeSpan> time) =>
        _machine.Select(time).Order().ElementAt(_machine.Count / 2);

    /// <summary>One window: who had the machine, under which load, and what came of it.</summary>
    internal readonly record struct Window(string Contender, LoadKind Load, BenchRow Row);
}
