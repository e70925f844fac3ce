using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Options;
using Synod.Cli.Bench;
using Synod.Cli.Commands;
using Synod.Cli.Demo;
using Synod.Cli.Explore;
using Synod.Cli.Register;
using Synod.Cli.Scenario;
using Synod.Cli.Simulate;
using Synod.Cli.Wan;
using Synod.Hosting;

namespace Synod.Cli;

/// <summary>The command line: exit code 0 when what was asked for happened, 1 when it did not, 2
/// for wrong usage.</summary>
internal static class SynodCommandLine
{
    private const int Failure = 1;
    private const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = new("Consensus for .NET: replicated state machines on real protocols.")
        {
            DemoCommand.Create(),
            BenchCommand.Create(),
            NodeCommand.Create(),
            CounterCommand.Create(),
            RegisterCommand.Create(),
            ClusterCommand.Create(),
            SimulateCommand.Create(),
            ScenarioCommand.Create(),
            ExploreCommand.Create(),
            WanCommand.Create(),
            CheckCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return await ExplainAsync(root, parsed, Errors(parsed));

        try
        {
            InvocationConfiguration plain = new() { EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(plain);
        }
        catch (OptionsValidationException fault)
        {
            return await ExplainAsync(root, parsed, fault.Failures);
        }
        catch (Exception fault) when (fault is NodeStartException
            or CommandException
            or IOException
            or UnauthorizedAccessException
            or OperationCanceledException)
        {
            return Fail(fault.Message);
        }
    }

    private static async Task<int> ExplainAsync(
        RootCommand root, ParseResult parsed, IEnumerable<string> errors)
    {
        foreach (string error in errors)
            await Console.Error.WriteLineAsync($"synod: {error}");

        await Console.Error.WriteLineAsync();
        InvocationConfiguration toError = new() { Output = Console.Error };
        await root.Parse([.. PathTo(parsed.CommandResult), "--help"]).InvokeAsync(toError);
        return WrongUsage;
    }

    // A word that nobody knows is the error; that others are then missing or too many only follows.
    private static IEnumerable<string> Errors(ParseResult parsed) =>
        parsed.UnmatchedTokens.Count > 0
            ? [$"'{parsed.UnmatchedTokens[0]}' is no command or option here."]
            : parsed.Errors.Select(static error => error.Message);

    private static string[] PathTo(CommandResult result) =>
        result.Parent is CommandResult parent ? [.. PathTo(parent), result.Command.Name] : [];

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"synod: {message}");
        return Failure;
    }
}
