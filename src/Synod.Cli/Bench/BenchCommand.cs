using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary><c>synod bench</c>: load on real processes with real logs, and what it costs.</summary>
internal sealed class BenchCommand
{
    private const int ClientsMax = 10_000;
    private const int RateMax = 10_000_000;
    private const int GroupsMax = 100_000;

    // What is written to a file is not cut to the width of a terminal.
    private const int TableWidth = 190;

    private readonly Option<string[]> _protocols = new("--protocol")
    {
        Description = $"The protocols, separated by commas: {string.Join(", ", Protocols.Names)}.",
        CustomParser = Allowed.SomeOf(Protocols.Names),
        DefaultValueFactory = static _ => ["raft"],
    };

    private readonly Option<int[]> _nodes = Counts(
        "--nodes", "How many node processes", (1, MemberSet.MembersMax), 3);

    private readonly Option<int[]> _groups = Counts(
        "--groups", "How many groups, which the clients take in turn", (1, GroupsMax), 1);

    private readonly Option<int[]> _clients = Counts(
        "--clients", "How many clients call at the same time", (1, ClientsMax), 1, 64, 256);

    private readonly Option<int> _connections = new("--connections")
    {
        Description = "How many connections to each node the clients share, 1 to 1000.",
        CustomParser = Allowed.Between(1, 1000),
        DefaultValueFactory = static _ => 4,
    };

    private readonly Option<string> _durability = DurabilityOption.Create();

    private readonly Option<int[]> _payload = Counts(
        "--payload", "The bytes of the value in a command", (0, 1_000_000), 64);

    private readonly Option<int> _reads = new("--reads")
    {
        Description = "How many of a hundred calls are linearizable reads.",
        CustomParser = Allowed.Between(0, 100),
        DefaultValueFactory = static _ => 0,
    };

    private readonly Option<int> _keys = new("--keys")
    {
        Description = "How many keys the clients share, 0 to 10000; with 0 each has its own.",
        CustomParser = Allowed.Between(0, 10_000),
        DefaultValueFactory = static _ => 0,
    };

    private readonly Option<int[]> _rates = Counts(
        "--rate",
        "How many calls a second begin, all clients together, answered or not (an open loop: "
        + "latencies count from when a call was due); with 0 a client calls again when it is "
        + "answered",
        (0, RateMax),
        0);

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "How long each row is measured, 0.1 to 600 seconds.",
        CustomParser = Allowed.Between(0.1, 600.0),
        DefaultValueFactory = static _ => 5,
    };

    private readonly Option<double> _warmUp = new("--warm-up")
    {
        Description = "How long each row runs before it is measured, 0 to 600 seconds.",
        CustomParser = Allowed.Between(0.0, 600.0),
        DefaultValueFactory = static _ => 3,
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "A file for a page with plots, which needs nothing else.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        BenchCommand bench = new();
        Command command = new(
            "bench", "Puts load on a cluster of real processes and says what it costs.")
        {
            bench._protocols,
            bench._nodes,
            bench._groups,
            bench._clients,
            bench._connections,
            bench._durability,
            bench._payload,
            bench._reads,
            bench._keys,
            bench._rates,
            bench._seconds,
            bench._warmUp,
            bench._report,
            bench._json,
        };
        command.SetAction(bench.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        BenchPlan plan = new()
        {
            Protocols = parsed.GetValue(_protocols) ?? [],
            Nodes = parsed.GetValue(_nodes) ?? [],
            Groups = parsed.GetValue(_groups) ?? [],
            Durability = DurabilityOption.In(parsed, _durability),
            Clients = parsed.GetValue(_clients) ?? [],
            Connections = parsed.GetValue(_connections),
            PayloadBytes = parsed.GetValue(_payload) ?? [],
            ReadPercent = parsed.GetValue(_reads),
            Keys = parsed.GetValue(_keys),
            Rates = [.. (parsed.GetValue(_rates) ?? []).Select(static rate => (double)rate)],
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
        };
        BenchReport report = await new BenchRun(plan).RunAsync(cancellation);
        if (parsed.GetValue(_report) is string file)
            await File.WriteAllTextAsync(file, new BenchPage(report).ToHtml(), cancellation);
        if (parsed.GetValue(_json))
        {
            Console.WriteLine(report.ToJson());
        }
        else
        {
            Console.WriteLine(report.ToText());
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, TableWidth);
            AnsiConsole.Write(report.ToTable());
        }

        return report.IsGood ? 0 : 1;
    }

    private static Option<int[]> Counts(
        string name, string what, (int Min, int Max) range, params int[] byDefault) => new(name)
        {
            Description =
                $"{what}; several, separated by commas, make a row each. {range.Min} to "
                + $"{range.Max}.",
            CustomParser = result => Parse(result, range.Min, range.Max),
            DefaultValueFactory = _ => byDefault,
        };

    private static int[] Parse(ArgumentResult result, int min, int max)
    {
        List<int> numbers = [];
        foreach (string word in Allowed.List(result))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number >= min && number <= max)
            {
                numbers.Add(number);
            }
            else
            {
                result.AddError($"{Allowed.NameOf(result)} has '{word}': use {min} to {max}.");
            }
        }

        return [.. numbers];
    }
}
