using System.Text;
using System.Text.Json;
using Synod.Cli.Bench;

namespace Synod.Compare;

/// <summary>A comparison as one JSON object: every window, and every target.</summary>
internal sealed class CompareJson(Comparison comparison, IReadOnlyList<Target> targets)
{
    public string Write()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            if (comparison.Windows.Count > 0)
                BenchJson.Write(json, comparison.Machine);
            json.WriteStartArray("windows");
            foreach (Comparison.Window window in comparison.Windows)
                Write(json, window);
            json.WriteEndArray();
            json.WriteStartArray("targets");
            foreach (Target target in targets)
                Write(json, target);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private void Write(Utf8JsonWriter json, Comparison.Window window)
    {
        json.WriteStartObject();
        json.WriteString("system", window.Contender);
        json.WriteString("load", CompareReport.NameOf(window.Load));
        json.WriteString("durability", "fsync");
        json.WriteNumber("nodes", ComparePlan.Nodes);
        json.WriteNumber("payloadBytes", comparison.Plan.PayloadBytes);
        BenchJson.WriteSetting(json, comparison.Machine);
        BenchJson.WriteNumbers(json, window.Row);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Target target)
    {
        json.WriteStartObject();
        json.WriteString("name", target.Name);
        json.WriteNumber("wanted", target.Wanted);
        json.WriteBoolean("isFloor", target.IsFloor);
        if (double.IsFinite(target.Measured))
            json.WriteNumber("measured", Math.Round(target.Measured, 4));
        else
            json.WriteNull("measured");
        json.WriteString("verdict", target.Verdict);
        json.WriteEndObject();
    }
}
