using System.CommandLine;
using System.Text;
using System.Text.Json;
using Synod.Simulation;
using Story = Synod.Simulation.Scenario;

namespace Synod.Cli.Scenario;

/// <summary><c>synod scenario</c>: runs scenarios and compares their traces with the expected
/// ones.</summary>
internal sealed class ScenarioCommand
{
    private const int Different = 1;
    private const int Malformed = 4;

    private readonly Argument<string[]> _files = new("file")
    {
        Description = "Scenarios: commands, and indented below each its expected trace.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _update = new("--update")
    {
        Description = "Write the trace that was seen into the file, unless something failed.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        ScenarioCommand scenario = new();
        Command command = new(
            "scenario",
            "Runs scenarios and prints their whole traces. Exits with 0 if they are the expected "
            + "ones, 1 if not, 4 if a file is malformed.")
        {
            scenario._files,
            scenario._update,
            scenario._json,
        };
        command.SetAction(scenario.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] files = parsed.GetValue(_files) ?? [];
        bool isMalformed = false;
        List<(string File, Story Story)> stories = [];
        foreach (string file in files)
        {
            if (Read(file) is Story story)
                stories.Add((file, story));
            else
                isMalformed = true;
        }

        if (isMalformed)
            return Malformed;

        List<(string File, Story Story, ScenarioResult Result)> results =
            [.. stories.Select(static one => (one.File, one.Story, one.Story.Run()))];
        if (parsed.GetValue(_update))
            results = [.. results.Select(static one => Update(one))];
        bool isJson = parsed.GetValue(_json);
        if (!isJson)
            results.ForEach(static one => Print(one.File, one.Result));
        else
            Console.WriteLine(ToJson(results));
        return results.TrueForAll(static one => one.Result.IsGood) ? 0 : Different;
    }

    // Nothing runs if one of them is malformed, so all faults of all files are told first.
    private static Story? Read(string file)
    {
        try
        {
            return ScenarioFiles.Read(file);
        }
        catch (ScenarioException malformed)
        {
            foreach (string fault in malformed.Faults)
                Console.Error.WriteLine($"synod: {fault}");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"synod: {file} cannot be read: {cause.Message}");
        }

        return null;
    }

    private static (string File, Story Story, ScenarioResult Result) Update(
        (string File, Story Story, ScenarioResult Result) one)
    {
        if (one.Result.Failure is not null || one.Result.Difference.Length == 0)
            return one;

        File.WriteAllText(one.File, one.Result.Text);
        return one with { Result = one.Result with { Difference = "" } };
    }

    private static void Print(string file, ScenarioResult result)
    {
        Console.Write(result.Text);
        if (result.Failure is not null)
            Console.Error.WriteLine($"synod: {file}: {result.Failure}");
        if (result.Difference.Length > 0)
            Console.Write($"\n--- {file}, expected\n+++ {file}, seen\n{result.Difference}");
    }

    private static string ToJson(List<(string File, Story Story, ScenarioResult Result)> results)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("files", results.Count);
            json.WriteNumber("commands", results.Sum(static one => one.Story.CommandCount));
            json.WriteNumber("bad", results.Count(static one => !one.Result.IsGood));
            json.WriteStartArray("scenarios");
            foreach ((string file, _, ScenarioResult result) in results)
            {
                json.WriteStartObject();
                json.WriteString("file", file);
                json.WriteBoolean("good", result.IsGood);
                json.WriteString("failure", result.Failure);
                json.WriteString("difference", result.Difference);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
