using System.CommandLine;
using Microsoft.Extensions.Options;
using Synod.Cli.Commands;
using Synod.Cli.Demo;
using Synod.Hosting;

namespace Synod.Cli;

/// <summary>The command line: exit code 0 when what was asked for happened, 1 when it did not, 2 for
/// wrong usage.</summary>
internal static class SynodCommandLine
{
    private const int Failure = 1;
    private const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = new("Consensus for .NET: replicated state machines on real protocols.")
        {
            DemoCommand.Create(),
            NodeCommand.Create(),
            CounterCommand.Create(),
            ClusterCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return await ExplainAsync(root, args, parsed);

        try
        {
            InvocationConfiguration plain = new() { EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(plain);
        }
        catch (OptionsValidationException fault)
        {
            return Fail(string.Join(Environment.NewLine, fault.Failures));
        }
        catch (Exception fault) when (fault is NodeStartException
            or CommandException
            or FormatException
            or OperationCanceledException)
        {
            return Fail(fault.Message);
        }
    }

    private static async Task<int> ExplainAsync(RootCommand root, string[] args, ParseResult parsed)
    {
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            await Console.Error.WriteLineAsync($"synod: {error.Message}");

        string[] command = [.. args.TakeWhile(static word => !word.StartsWith('-')), "--help"];
        InvocationConfiguration toError = new() { Output = Console.Error };
        ParseResult help = root.Parse(command);
        await (help.Errors.Count == 0 ? help : root.Parse("--help")).InvokeAsync(toError);
        return WrongUsage;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"synod: {message}");
        return Failure;
    }
}
