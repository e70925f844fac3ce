using System.Globalization;
using Spectre.Console;
using Synod.Cli.Bench;
using Synod.Compare.Rivals;

namespace Synod.Compare;

/// <summary>A comparison as tables for people.</summary>
internal sealed class CompareReport(Comparison comparison, IReadOnlyList<Target> targets)
{
    private static readonly string[] RowHeads =
    [
        "load", "system", "ops/s", "of etcd", "p50 us", "p99 us", "server CPU us/op", "of etcd",
        "client CPU us/op", "flushes/op", "sent/op", "disk/op", "failed",
    ];

    public void Write(IAnsiConsole console)
    {
        if (comparison.Windows.Count > 0)
            WriteTurns(console);
        console.Write(Verdicts());
    }

    private void WriteTurns(IAnsiConsole console)
    {
        ComparePlan plan = comparison.Plan;
        MachineFacts machine = comparison.Machine;
        console.WriteLine(
            $"{machine.Processor}, {machine.Processors} processors; {machine.System}; "
            + machine.Framework);
        console.WriteLine(
            $"flush {machine.Flush.TotalMicroseconds:F0} us alone, "
            + $"{machine.FlushTogether.TotalMicroseconds:F0} us while {ComparePlan.Nodes} flush; "
            + $"round trip {machine.RoundTrip.TotalMicroseconds:F0} us");
        console.WriteLine(
            $"{ComparePlan.Nodes} node processes each, one client process, every write flushed; "
            + $"{plan.PayloadBytes} bytes a value, {plan.Clients} clients over "
            + $"{plan.Connections} connections; medians of {plan.Rounds} windows of "
            + $"{plan.Window.TotalSeconds} s, in turns");
        console.Write(Rows());
    }

    private Table Rows()
    {
        Table table = NewTable(RowHeads);
        foreach (LoadKind load in Enum.GetValues<LoadKind>())
        {
            foreach (string contender in comparison.Windows
                .Where(one => one.Load == load)
                .Select(static one => one.Contender)
                .Distinct())
            {
                table.AddRow(Cells(load, contender));
            }
        }

        return table;
    }

    private string[] Cells(LoadKind load, string contender)
    {
        return
        [
            NameOf(load),
            contender,
            Text(static row => row.OperationsPerSecond, "F0"),
            OfEtcd(static row => row.OperationsPerSecond),
            Text(static row => row.P50.TotalMicroseconds, "F0"),
            Text(static row => row.Counts.Latencies.At(0.99).TotalMicroseconds, "F0"),
            Text(static row => row.ServerCpuUsPerOperation, "F1"),
            OfEtcd(static row => row.ServerCpuUsPerOperation),
            Text(static row => row.ClientCpuUsPerOperation, "F1"),
            Text(static row => row.FlushesPerOperation, "F3"),
            Text(static row => row.SentBytesPerOperation, "F0"),
            Text(static row => row.DiskBytesPerOperation, "F0"),
            comparison.RowsOf(contender, load).Sum(static row => row.Counts.Failed)
                .ToString(CultureInfo.InvariantCulture),
        ];

        string Text(Func<BenchRow, double> number, string format) =>
            comparison.Median(contender, load, number)
                .ToString(format, CultureInfo.InvariantCulture);

        string OfEtcd(Func<BenchRow, double> number) =>
            Ratio(comparison.Median(contender, load, number)
                / comparison.Median(EtcdProcess.Name, load, number));
    }

    private Table Verdicts()
    {
        Table table = NewTable(["target", "wanted", "measured", "verdict"]);
        foreach (Target target in targets)
        {
            table.AddRow(
                target.Name,
                (target.IsFloor ? "at least " : "at most ") + Ratio(target.Wanted),
                Ratio(target.Measured),
                target.Verdict);
        }

        return table;
    }

    /// <summary>The name of a load as it is printed.</summary>
    public static string NameOf(LoadKind load) => load switch
    {
        LoadKind.Puts => "puts",
        LoadKind.OnePut => "put, 1 client",
        LoadKind.Reads => "reads",
    };

    private static Table NewTable(string[] heads)
    {
        Table table = new() { Border = TableBorder.None };
        foreach ((int place, string head) in heads.Index())
        {
            TableColumn column = new TableColumn(head).NoWrap();
            table.AddColumn(place < 1 ? column : column.RightAligned());
        }

        return table;
    }

    private static string Ratio(double ratio) =>
        double.IsNaN(ratio) ? "-" : ratio.ToString("G3", CultureInfo.InvariantCulture);
}
