using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Synod.TestKit;

/// <summary>Writes <c>synod-history/1</c>: a header, then one operation a line.</summary>
internal static class HistoryWriter
{
    public const string Format = "synod-history/1";

    public static void Write(History history, TextWriter writer)
    {
        WriteLine(writer, json => WriteHeader(json, history));
        foreach (Operation operation in history.Operations)
            WriteLine(writer, json => WriteOperation(json, operation));
    }

    public static string NameOf(OperationType type) => type switch
    {
        OperationType.Ok => "ok",
        OperationType.Fail => "fail",
        OperationType.Info => "info",
    };

    public static void WriteOperation(Utf8JsonWriter json, Operation operation)
    {
        json.WriteNumber("process", operation.Process);
        json.WriteString("f", operation.F);
        json.WriteString("key", operation.Key);
        WriteValue(json, "value", operation.Value);
        json.WriteNumber("call", operation.Call);
        WriteValue(json, "ret", operation.Return is long time ? time : default(HistoryValue));
        json.WriteString("type", NameOf(operation.Type));
        WriteValue(json, "out", operation.Output);
    }

    private static void WriteHeader(Utf8JsonWriter json, History history)
    {
        json.WriteString("history", Format);
        json.WriteString("model", history.Model);
        if (history.Seed is long seed)
            json.WriteNumber("seed", seed);
        if (history.Protocol is string protocol)
            json.WriteString("protocol", protocol);
    }

    private static void WriteValue(Utf8JsonWriter json, string name, HistoryValue value)
    {
        json.WritePropertyName(name);
        HistoryJson.Write(json, value);
    }

    private static void WriteLine(TextWriter writer, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, HistoryJson.Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        writer.Write('\n');
    }
}
