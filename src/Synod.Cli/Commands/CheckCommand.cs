using System.CommandLine;
using System.Text;
using System.Text.Json;
using Synod.TestKit;

namespace Synod.Cli.Commands;

/// <summary><c>synod check</c>: whether a history is linearizable.</summary>
internal sealed class CheckCommand
{
    private const int NotLinearizable = 1;
    private const int Undecided = 3;
    private const int Malformed = 4;

    private static readonly string[] Models =
        [.. HistoryModels.All.Select(static model => model.Name)];

    private readonly Argument<string> _file = new("file")
    {
        Description = "A history of the format synod-history/1.",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = $"The model, whatever the file names: {string.Join(", ", Models)}.",
        CustomParser = Allowed.OneOf(Models),
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    private readonly Option<string?> _html = new("--html")
    {
        Description = "Write the explanation of a violation to this file, as one HTML page.",
    };

    private readonly Option<double> _budget = new("--budget")
    {
        Description = "How many seconds it may take before it gives up.",
        CustomParser = Allowed.Between(0.0, 86_400.0),
        DefaultValueFactory = static _ => 30,
    };

    public static Command Create()
    {
        CheckCommand check = new();
        Command command = new("check", "Checks whether a history is linearizable. Exits with 0 if "
            + "it is, 1 if not, 3 if that is undecided in time, 4 if it is malformed.")
        {
            check._file,
            check._model,
            check._json,
            check._html,
            check._budget,
        };
        command.SetAction(check.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        try
        {
            History history = Read(parsed);
            CheckOptions options = new()
            {
                TimeBudget = TimeSpan.FromSeconds(parsed.GetValue(_budget)),
            };
            CheckResult result = LinearizabilityChecker.Check(history, options);
            if (result is CheckResult.NotLinearizable bad && parsed.GetValue(_html) is string page)
                WritePage(page, bad.Violation);
            Console.WriteLine(parsed.GetValue(_json) ? ToJson(result) : ToText(history, result));
            return CodeOf(result);
        }
        catch (HistoryException fault)
        {
            Console.Error.WriteLine($"synod: {parsed.GetValue(_file)}, {fault.Message}");
            return Malformed;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(
                $"synod: {parsed.GetValue(_file)} cannot be read: {cause.Message}");
            return Malformed;
        }
    }

    private History Read(ParseResult parsed)
    {
        string? model = parsed.GetValue(_model);
        using StreamReader reader = File.OpenText(parsed.GetValue(_file) ?? "");
        return History.Read(reader, model is null ? null : HistoryModels.Find(model));
    }

    private static void WritePage(string file, Violation violation)
    {
        try
        {
            File.WriteAllText(file, violation.ToHtml());
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"synod: --html cannot be written: {cause.Message}");
        }
    }

    private static int CodeOf(CheckResult result) => result switch
    {
        CheckResult.Linearizable => 0,
        CheckResult.NotLinearizable => NotLinearizable,
        _ => Undecided,
    };

    private static string ToText(History history, CheckResult result)
    {
        string counted = $"{result.Operations} operations as {history.Model}, checked in "
            + $"{result.Elapsed.TotalMilliseconds:F0} ms";
        return result switch
        {
            CheckResult.NotLinearizable bad => $"{bad.Violation.ToText()}\n{counted}.",
            CheckResult.Undecided undecided => $"Undecided: {undecided.Reason}. {counted}.",
            _ => $"Linearizable: {counted}.",
        };
    }

    private static string ToJson(CheckResult result)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("verdict", result switch
            {
                CheckResult.Linearizable => "linearizable",
                CheckResult.NotLinearizable => "not linearizable",
                _ => "undecided",
            });
            json.WriteNumber("operations", result.Operations);
            json.WriteNumber("milliseconds", Math.Round(result.Elapsed.TotalMilliseconds, 1));
            if (result is CheckResult.NotLinearizable bad)
                WriteViolation(json, bad.Violation);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteViolation(Utf8JsonWriter json, Violation violation)
    {
        json.WriteString("key", violation.Key);
        json.WriteString("offending", violation.Offending.ToString());
        json.WriteNumber("process", violation.Offending.Process);
        json.WriteNumber("call", violation.Offending.Call);
        json.WriteNumber("window", violation.Window.Count);
    }
}
