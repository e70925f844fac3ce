using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Synod.TestKit;

/// <summary>Values as JSON and back.</summary>
internal static class HistoryJson
{
    // A history is no web page, and is read by people.
    public static JsonWriterOptions Readable { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string TextOf(HistoryValue value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Readable))
            Write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(Utf8JsonWriter writer, HistoryValue value)
    {
        switch (value.Kind)
        {
            case HistoryKind.Null:
                writer.WriteNullValue();
                break;
            case HistoryKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean());
                break;
            case HistoryKind.Number:
                writer.WriteNumberValue(value.AsInt64());
                break;
            case HistoryKind.Text:
                writer.WriteStringValue(value.AsString());
                break;
            case HistoryKind.List:
                WriteList(writer, value);
                break;
            case HistoryKind.Map:
                WriteMap(writer, value);
                break;
        }
    }

    /// <exception cref="FormatException">A number is no whole number of 64 bits.</exception>
    public static HistoryValue Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => ReadNumber(json),
        JsonValueKind.Array => HistoryValue.List([.. json.EnumerateArray().Select(Read)]),
        JsonValueKind.Object => HistoryValue.Map(json.EnumerateObject()
            .Select(static entry => KeyValuePair.Create(entry.Name, Read(entry.Value)))),
        _ => default,
    };

    private static void WriteList(Utf8JsonWriter writer, HistoryValue list)
    {
        writer.WriteStartArray();
        foreach (HistoryValue item in list.AsList())
            Write(writer, item);
        writer.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter writer, HistoryValue map)
    {
        writer.WriteStartObject();
        foreach ((string name, HistoryValue item) in map.AsMap())
        {
            writer.WritePropertyName(name);
            Write(writer, item);
        }

        writer.WriteEndObject();
    }

    private static HistoryValue ReadNumber(JsonElement json) => json.TryGetInt64(out long number)
        ? number
        : throw new FormatException(
            $"{json.GetRawText()} is no whole number of 64 bits, and no other number is allowed");
}
