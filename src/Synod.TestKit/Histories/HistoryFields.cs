using System.Text.Json;

namespace Synod.TestKit;

/// <summary>The fields of one line of a history. What is wrong is a
/// <see cref="FormatException"/>.</summary>
internal readonly struct HistoryFields(JsonElement line)
{
    public Operation ReadOperation()
    {
        OperationType type = ReadType();
        bool isOk = type == OperationType.Ok;
        return new Operation(
            ReadProcess(),
            Text("f"),
            Text("key"),
            Value("value", isRequired: true),
            Number("call"),
            OptionalNumber("ret"),
            type,
            Value("out", isRequired: isOk));
    }

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) => Value(name, isRequired: false) switch
    {
        { IsNull: true } => null,
        { Kind: HistoryKind.Text } text => text.AsString(),
        HistoryValue other => throw new FormatException($"{name} is {other}, which is no string"),
    };

    public long? OptionalNumber(string name) => Value(name, isRequired: false) switch
    {
        { IsNull: true } => null,
        { Kind: HistoryKind.Number } number => number.AsInt64(),
        HistoryValue other => throw new FormatException($"{name} is {other}, which is no number"),
    };

    private long Number(string name) => OptionalNumber(name) ?? throw Missing(name);

    private int ReadProcess()
    {
        long process = Number("process");
        return process is >= int.MinValue and <= int.MaxValue
            ? (int)process
            : throw new FormatException($"process is {process}, which has more than 32 bits");
    }

    private OperationType ReadType()
    {
        string type = Text("type");
        return type switch
        {
            "ok" => OperationType.Ok,
            "fail" => OperationType.Fail,
            "info" => OperationType.Info,
            _ => throw new FormatException($"type is \"{type}\": use ok, fail or info"),
        };
    }

    private HistoryValue Value(string name, bool isRequired)
    {
        if (!line.TryGetProperty(name, out JsonElement json))
            return isRequired ? throw Missing(name) : default;

        try
        {
            return HistoryJson.Read(json);
        }
        catch (FormatException cause)
        {
            throw new FormatException($"{name} is wrong: {cause.Message}", cause);
        }
        catch (InvalidOperationException cause)
        {
            throw new FormatException($"{name} has a string that is not Unicode", cause);
        }
    }

    private static FormatException Missing(string name) => new($"{name} is missing");
}
