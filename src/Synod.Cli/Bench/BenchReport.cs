using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary>All rows of a bench and what must stand beside them.</summary>
internal sealed record BenchReport(
    BenchPlan Plan, MachineFacts Machine, IReadOnlyList<BenchRow> Rows)
{
    private string Durability => DurabilityText.NameOf(Plan.Durability);

    public bool IsGood => Rows.All(static row => row is { Operations: > 0, Failures: 0 });

    public string ToJson()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("nodes", Plan.Nodes);
            json.WriteNumber("payloadBytes", Plan.PayloadBytes);
            json.WriteNumber("readPercent", Plan.ReadPercent);
            json.WriteNumber("keys", Plan.Keys);
            WriteMachine(json);
            json.WriteStartArray("rows");
            foreach (BenchRow row in Rows)
                Write(json, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The rows as a table.</summary>
    public Table ToTable()
    {
        Table table = new() { Border = TableBorder.None };
        foreach (string column in (string[])[
            "clients", "connections", "ops/s", "p50 us", "p99 us", "max us",
            "server CPU us/op", "client CPU us/op", "server bytes/op", "failed",
        ])
        {
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        }

        foreach (BenchRow row in Rows)
            table.AddRow(Cells(row));
        return table;
    }

    /// <summary>What stands above the table.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        Add($"{Machine.Processor}, {Machine.Processors} processors; {Machine.System}");
        Add($"{Machine.Framework}");
        Add($"flush {Us(Machine.Flush)} us alone, {Us(Machine.FlushTogether)} us while "
            + $"{Plan.Nodes} flush; round trip {Us(Machine.RoundTrip)} us; two round trips and a "
            + $"flush {Us(Machine.Floor)} us");
        Add($"{Plan.Protocol}, {Plan.Nodes} node processes and one client process, {Durability}, "
            + $"{Plan.PayloadBytes} bytes a command, {Plan.ReadPercent} % linearizable reads, "
            + (Plan.Keys == 0 ? "a key for each client, " : $"{Plan.Keys} keys for all clients, ")
            + $"{Plan.Duration.TotalSeconds} s a row after {Plan.WarmUp.TotalSeconds} s");
        return text.ToString();

        void Add(string line) => text.AppendLine(line);
    }

    private void WriteMachine(Utf8JsonWriter json)
    {
        json.WriteStartObject("machine");
        json.WriteString("processor", Machine.Processor);
        json.WriteNumber("processors", Machine.Processors);
        json.WriteString("system", Machine.System);
        json.WriteString("framework", Machine.Framework);
        json.WriteNumber("flushUs", Round(Machine.Flush));
        json.WriteNumber("flushTogetherUs", Round(Machine.FlushTogether));
        json.WriteNumber("roundTripUs", Round(Machine.RoundTrip));
        json.WriteNumber("floorUs", Round(Machine.Floor));
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, BenchRow row)
    {
        json.WriteStartObject();
        json.WriteString("protocol", Plan.Protocol);
        json.WriteString("durability", Durability);
        json.WriteNumber("clients", row.Clients);
        json.WriteNumber("connections", row.Connections);
        json.WriteNumber("opsPerSecond", Math.Round(row.OperationsPerSecond, 1));
        json.WriteNumber("p50Us", Round(row.P50));
        json.WriteNumber("p99Us", Round(row.P99));
        json.WriteNumber("maxUs", Round(row.Max));
        json.WriteNumber("cpuUsPerOp", Math.Round(row.ServerCpuUsPerOperation, 2));
        json.WriteNumber("clientCpuUsPerOp", Math.Round(row.ClientCpuUsPerOperation, 2));
        json.WriteNumber("allocatedBytesPerOp", Math.Round(row.AllocatedBytesPerOperation, 1));
        json.WriteNumber("workingSetBytes", row.Servers.WorkingSetBytes);
        json.WriteNumber("failures", row.Failures);
        json.WriteEndObject();
    }

    private static string[] Cells(BenchRow row) =>
    [
        Text(row.Clients),
        Text(row.Connections),
        Text(row.OperationsPerSecond),
        Us(row.P50),
        Us(row.P99),
        Us(row.Max),
        row.ServerCpuUsPerOperation.ToString("F1", CultureInfo.InvariantCulture),
        row.ClientCpuUsPerOperation.ToString("F1", CultureInfo.InvariantCulture),
        Text(row.AllocatedBytesPerOperation),
        Text(row.Failures),
    ];

    private static string Text(double value) => value.ToString("F0", CultureInfo.InvariantCulture);

    private static string Us(TimeSpan time) => Text(time.TotalMicroseconds);

    private static double Round(TimeSpan time) => Math.Round(time.TotalMicroseconds, 1);
}
