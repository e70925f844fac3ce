using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;

namespace Synod.Cli.Bench;

/// <summary><c>synod bench</c>: load on real processes with real logs, and what it costs.</summary>
internal sealed class BenchCommand
{
    private const int ClientsMax = 10_000;

    // What is written to a file is not cut to the width of a terminal.
    private const int TableWidth = 140;

    private readonly Option<string> _protocol = CommonOptions.Protocol();

    private readonly Option<int> _nodes = CommonOptions.Nodes("node processes");

    private readonly Option<int[]> _clients = new("--clients")
    {
        Description = "How many clients call at the same time, one row for each count, separated "
            + $"by commas; 1 to {ClientsMax}.",
        CustomParser = ParseCounts,
        DefaultValueFactory = static _ => [1, 64, 256],
    };

    private readonly Option<int> _connections = new("--connections")
    {
        Description = "How many connections to each node the clients share, 1 to 1000.",
        CustomParser = Allowed.Between(1, 1000),
        DefaultValueFactory = static _ => 4,
    };

    private readonly Option<string> _durability = DurabilityOption.Create();

    private readonly Option<int> _payload = new("--payload")
    {
        Description = "The bytes of the value in a command, 0 to 1000000.",
        CustomParser = Allowed.Between(0, 1_000_000),
        DefaultValueFactory = static _ => 64,
    };

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

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        BenchCommand bench = new();
        Command command = new(
            "bench", "Puts load on a cluster of real processes and says what it costs.")
        {
            bench._protocol,
            bench._nodes,
            bench._clients,
            bench._connections,
            bench._durability,
            bench._payload,
            bench._reads,
            bench._keys,
            bench._seconds,
            bench._warmUp,
            bench._json,
        };
        command.SetAction(bench.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        BenchPlan plan = new()
        {
            Protocol = parsed.GetValue(_protocol) ?? "",
            Nodes = parsed.GetValue(_nodes),
            Durability = DurabilityOption.In(parsed, _durability),
            Clients = parsed.GetValue(_clients) ?? [],
            Connections = parsed.GetValue(_connections),
            PayloadBytes = parsed.GetValue(_payload),
            ReadPercent = parsed.GetValue(_reads),
            Keys = parsed.GetValue(_keys),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
        };
        BenchReport report = await new BenchRun(plan).RunAsync(cancellation);
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

    private static int[] ParseCounts(ArgumentResult result)
    {
        List<int> counts = [];
        foreach (string word in Allowed.List(result))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                && count is >= 1 and <= ClientsMax)
            {
                counts.Add(count);
            }
            else
            {
                result.AddError($"--clients has '{word}': use counts from 1 to {ClientsMax}.");
            }
        }

        return [.. counts];
    }
}
