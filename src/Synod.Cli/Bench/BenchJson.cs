using System.Text;
using System.Text.Json;
using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary>A bench as one JSON object, of which every row can be read alone.</summary>
internal sealed class BenchJson(BenchReport report)
{
    private readonly BenchPlan _plan = report.Plan;

    public string Write()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("readPercent", _plan.ReadPercent);
            json.WriteNumber("keys", _plan.Keys);
            Write(json, report.Machine);
            json.WriteStartArray("rows");
            foreach (BenchResult result in report.Results)
                Write(json, result);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The machine, as an object of this name.</summary>
    public static void Write(Utf8JsonWriter json, MachineFacts machine)
    {
        json.WriteStartObject("machine");
        json.WriteString("system", machine.System);
        json.WriteString("framework", machine.Framework);
        WriteSetting(json, machine);
        json.WriteNumber("floorUs", Round(machine.Floor));
        json.WriteEndObject();
    }

    /// <summary>What numbers mean nothing without, as fields of the row.</summary>
    public static void WriteSetting(Utf8JsonWriter json, MachineFacts machine)
    {
        json.WriteString("processor", machine.Processor);
        json.WriteNumber("processors", machine.Processors);
        json.WriteNumber("flushUs", Round(machine.Flush));
        json.WriteNumber("flushTogetherUs", Round(machine.FlushTogether));
        json.WriteNumber("roundTripUs", Round(machine.RoundTrip));
    }

    /// <summary>The load and what was measured, as fields of the row.</summary>
    public static void WriteNumbers(Utf8JsonWriter json, BenchRow row)
    {
        json.WriteNumber("readPercent", row.Shape.ReadPercent);
        json.WriteNumber("clients", row.Shape.Clients);
        json.WriteNumber("connections", row.Connections);
        json.WriteNumber("rate", row.Shape.Rate);
        json.WriteNumber("opsPerSecond", Math.Round(row.OperationsPerSecond, 1));
        WriteLatencies(json, row.Counts.Latencies);
        json.WriteNumber("cpuUsPerOp", Math.Round(row.ServerCpuUsPerOperation, 2));
        json.WriteNumber("clientCpuUsPerOp", Math.Round(row.ClientCpuUsPerOperation, 2));
        json.WriteNumber("allocatedBytesPerOp", Math.Round(row.AllocatedBytesPerOperation, 1));
        json.WriteNumber("flushesPerOp", Math.Round(row.FlushesPerOperation, 4));
        json.WriteNumber("flushesPerTurn", Math.Round(row.FlushesPerTurn, 4));
        json.WriteNumber("sentBytesPerOp", Math.Round(row.SentBytesPerOperation, 1));
        json.WriteNumber("diskBytesPerOp", Math.Round(row.DiskBytesPerOperation, 1));
        json.WriteNumber("workingSetBytes", row.Servers.WorkingSetBytes);
        json.WriteNumber("overloaded", row.Counts.Overloaded);
        json.WriteNumber("failures", row.Counts.Failed);
    }

    private void Write(Utf8JsonWriter json, BenchResult result)
    {
        json.WriteStartObject();
        json.WriteString("protocol", result.Setting.Protocol);
        json.WriteString("durability", DurabilityText.NameOf(_plan.Durability));
        json.WriteNumber("nodes", result.Setting.Nodes);
        json.WriteNumber("groups", result.Setting.Groups);
        json.WriteNumber("payloadBytes", result.Setting.PayloadBytes);
        WriteSetting(json, result.Machine);
        WriteNumbers(json, result.Row);
        json.WriteEndObject();
    }

    private static void WriteLatencies(Utf8JsonWriter json, LatencyHistogram latencies)
    {
        json.WriteNumber("p50Us", Round(latencies.At(0.5)));
        json.WriteNumber("p90Us", Round(latencies.At(0.9)));
        json.WriteNumber("p99Us", Round(latencies.At(0.99)));
        json.WriteNumber("p999Us", Round(latencies.At(0.999)));
        json.WriteNumber("maxUs", Round(latencies.Max));
    }

    private static double Round(TimeSpan time) => Math.Round(time.TotalMicroseconds, 1);
}
