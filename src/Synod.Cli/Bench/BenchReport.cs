using System.Globalization;
using System.Text;
using Spectre.Console;
using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary>All rows of a bench and what must stand beside them.</summary>
internal sealed record BenchReport(BenchPlan Plan, IReadOnlyList<BenchResult> Results)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public bool IsGood => Results.All(static result =>
        result.Row.Counts is { Done: > 0, Failed: 0 }
        && (result.Row.Shape.Rate > 0 || result.Row.Counts.Overloaded == 0));

    /// <summary>The machine, as it was at first.</summary>
    public MachineFacts Machine => Results[0].Machine;

    public string ToJson() => new BenchJson(this).Write();

    /// <summary>The rows as a table.</summary>
    public Table ToTable()
    {
        Table table = new() { Border = TableBorder.None };
        foreach (string column in Columns())
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        foreach (BenchResult result in Results)
            table.AddRow([.. Cells(result)]);
        return table;
    }

    /// <summary>What stands above the table.</summary>
    public string ToText()
    {
        MachineFacts machine = Machine;
        StringBuilder text = new();
        Add($"{machine.Processor}, {machine.Processors} processors; {machine.System}");
        Add($"{machine.Framework}");
        Add($"flush {Us(machine.Flush)} us alone, {Us(machine.FlushTogether)} us while "
            + $"{Plan.Nodes[0]} flush; round trip {Us(machine.RoundTrip)} us; two round trips and "
            + $"a flush {Us(machine.Floor)} us");
        Add($"{All(Plan.Protocols)}, {All(Plan.Nodes)} node processes and one client process, "
            + $"{DurabilityText.NameOf(Plan.Durability)}, {All(Plan.PayloadBytes)} bytes a command,"
            + $" {Plan.ReadPercent} % linearizable reads, {All(Plan.Groups)} groups, "
            + (Plan.Keys == 0 ? "a key for each client, " : $"{Plan.Keys} keys for all clients, ")
            + $"{Plan.Duration.TotalSeconds} s a row after {Plan.WarmUp.TotalSeconds} s");
        return text.ToString();

        void Add(string line) => text.AppendLine(line);
    }

    /// <summary>The heads of the columns.</summary>
    public IEnumerable<string> Columns() =>
    [
        .. Varying().Select(static one => one.Name),
        "clients", "connections", "rate", "ops/s", "p50 us", "p99 us", "p99.9 us", "max us",
        "server CPU us/op", "client CPU us/op", "bytes/op", "flushes/op", "sent/op", "disk/op",
        "overloaded", "failed",
    ];

    /// <summary>A row as text.</summary>
    public IEnumerable<string> Cells(BenchResult result)
    {
        BenchRow row = result.Row;
        return
        [
            .. Varying().Select(one => one.Of(result.Setting)),
            Text(row.Shape.Clients),
            Text(row.Connections),
            row.Shape.Rate > 0 ? Text(row.Shape.Rate) : "closed",
            Text(row.OperationsPerSecond),
            Us(row.P50),
            Us(row.Counts.Latencies.At(0.99)),
            Us(row.Counts.Latencies.At(0.999)),
            Us(row.Counts.Latencies.Max),
            Text(row.ServerCpuUsPerOperation, "F1"),
            Text(row.ClientCpuUsPerOperation, "F1"),
            Text(row.AllocatedBytesPerOperation),
            Text(row.FlushesPerOperation, "F3"),
            Text(row.SentBytesPerOperation),
            Text(row.DiskBytesPerOperation),
            Text(row.Counts.Overloaded),
            Text(row.Counts.Failed),
        ];
    }

    // What is the same in all rows is said once, above them.
    private IEnumerable<(string Name, Func<BenchSetting, string> Of)> Varying()
    {
        if (Plan.Protocols.Count > 1)
            yield return ("protocol", static one => one.Protocol);
        if (Plan.Nodes.Count > 1)
            yield return ("nodes", static one => Text(one.Nodes));
        if (Plan.Groups.Count > 1)
            yield return ("groups", static one => Text(one.Groups));
        if (Plan.PayloadBytes.Count > 1)
            yield return ("payload", static one => Text(one.PayloadBytes));
    }

    private static string All<T>(IEnumerable<T> values) => string.Join(
        ',', values.Select(static value => Convert.ToString(value, Invariant)));

    private static string Text(double value, string format = "F0") =>
        value.ToString(format, Invariant);

    private static string Us(TimeSpan time) => Text(time.TotalMicroseconds);
}
