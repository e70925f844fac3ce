using System.Text.Json;

namespace Synod.TestKit;

/// <summary>Reads <c>synod-history/1</c> and names the first line that is wrong.</summary>
internal sealed class HistoryReader(TextReader reader, HistoryModel? model)
{
    private readonly List<Operation> _operations = [];
    private readonly List<int> _lines = [];
    private int _line;

    public History Read()
    {
        JsonDocument header = NextLine() ?? throw Malformed("there is no header");
        using (header)
        {
            HistoryFields fields = FieldsOf(header);
            HistoryModel judge = ReadModel(fields);
            string? protocol = ReadOrFail(() => fields.OptionalText("protocol"));
            long? seed = ReadOrFail(() => fields.OptionalNumber("seed"));
            ReadOperations();
            History history = new(judge.Name, _operations)
            {
                Protocol = protocol,
                Seed = seed,
                Lines = _lines,
            };
            HistoryRules.Check(history, judge);
            return history;
        }
    }

    private HistoryModel ReadModel(HistoryFields header)
    {
        string format = ReadOrFail(() => header.OptionalText("history"))
            ?? throw Malformed($"there is no header with history \"{HistoryWriter.Format}\"");
        if (format != HistoryWriter.Format)
            throw Malformed($"history is \"{format}\": only \"{HistoryWriter.Format}\" is known");

        string name = ReadOrFail(() => header.Text("model"));
        return model ?? HistoryModels.Find(name) ?? throw Malformed(
            $"model is \"{name}\": known are {string.Join(", ", HistoryModels.Names)}");
    }

    private void ReadOperations()
    {
        while (NextLine() is JsonDocument line)
        {
            using (line)
            {
                HistoryFields fields = FieldsOf(line);
                _operations.Add(ReadOrFail(fields.ReadOperation));
                _lines.Add(_line);
            }
        }
    }

    private HistoryFields FieldsOf(JsonDocument line) =>
        line.RootElement.ValueKind == JsonValueKind.Object
            ? new HistoryFields(line.RootElement)
            : throw Malformed("it is no JSON object");

    private JsonDocument? NextLine()
    {
        string? text;
        do
        {
            text = reader.ReadLine();
            _line++;
        }
        while (text is not null && string.IsNullOrWhiteSpace(text));

        try
        {
            return text is null ? null : JsonDocument.Parse(text);
        }
        catch (JsonException cause)
        {
            throw new HistoryException(_line, "it is not JSON", cause);
        }
    }

    private T ReadOrFail<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException cause)
        {
            throw new HistoryException(_line, cause.Message, cause);
        }
    }

    private HistoryException Malformed(string fault) => new(_line, fault);
}
