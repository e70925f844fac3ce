using System.CommandLine;
using System.CommandLine.Parsing;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Cli.Demo;

/// <summary><c>synod demo</c>: real processes, real logs, real kills, and a check of every
/// answer.</summary>
internal sealed class DemoCommand
{
    private readonly Option<string> _protocol = CommonOptions.Protocol();

    private readonly Option<int> _nodes = CommonOptions.Nodes("node processes");

    private readonly Option<int> _clients = new("--clients")
    {
        Description = "How many clients count at the same time, 1 to 1000.",
        CustomParser = Allowed.Between(1, 1000),
        DefaultValueFactory = static _ => 8,
    };

    private readonly Option<int?> _keys = new("--keys")
    {
        Description = "How many counters they share, 1 to 1000. Default: one, or one for each "
            + "client where the protocol has no leader and commands on different keys no order.",
        CustomParser = static result => Allowed.Between(1, 1000)(result),
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "How long, 1 to 3600 seconds.",
        CustomParser = Allowed.Between(1.0, 3600.0),
        DefaultValueFactory = static _ => 10,
    };

    private readonly Option<string[]> _faults = new("--faults")
    {
        Description = "What happens to the leader, or where there is none to each node in turn, "
            + "separated by commas: kill (kill -9 and restart), pause (SIGSTOP and SIGCONT), "
            + "restart (SIGTERM: it hands over), none; "
            + "and to all nodes: roles (the replica and the state machine of each crash alone, in "
            + "turn, ten in a second). "
            + "Default: kill, or pause with --durability memory, where a node that ended is no "
            + "member any more.",
        CustomParser = Allowed.SomeOf(["kill", "pause", "restart", "roles", "none"]),
    };

    private readonly Option<string> _durability = DurabilityOption.Create();

    private readonly Option<bool> _json = CommonOptions.Json();

    private readonly Option<string?> _history = new("--history")
    {
        Description = "Write every operation to this file, as synod-history/1.",
    };

    public static Command Create()
    {
        DemoCommand demo = new();
        Command command = new(
            "demo", "Runs a cluster of real processes, kills leaders, and checks every answer.")
        {
            demo._protocol,
            demo._nodes,
            demo._clients,
            demo._keys,
            demo._seconds,
            demo._faults,
            demo._durability,
            demo._json,
            demo._history,
        };
        command.Validators.Add(demo.Validate);
        command.SetAction(demo.RunAsync);
        return command;
    }

    private void Validate(CommandResult result)
    {
        string[] durability = WordsOf(result.GetResult(_durability));
        bool isInMemory = durability.Contains(DurabilityText.NameOf(Durability.Memory));
        string[] ending = WordsOf(result.GetResult(_faults));
        if (isInMemory && ending.Any(static fault => fault is "kill" or "restart"))
        {
            result.AddError(
                "--durability memory goes with --faults pause or none alone: a node that ended "
                + "has lost all and is no member any more.");
        }
    }

    // As it was typed: what cannot be read is told of by itself.
    private static string[] WordsOf(OptionResult? option) =>
        [.. option?.Tokens.SelectMany(static token => token.Value.Split(',')) ?? []];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Durability durability = DurabilityOption.In(parsed, _durability);
        string[] faults = parsed.GetValue(_faults) is { Length: > 0 } given
            ? given
            : [durability == Durability.Memory ? "pause" : "kill"];
        string protocol = parsed.GetValue(_protocol) ?? "";
        int clients = parsed.GetValue(_clients);
        DemoPlan plan = new()
        {
            Protocol = protocol,
            Nodes = parsed.GetValue(_nodes),
            Clients = clients,
            Keys = parsed.GetValue(_keys) ?? (Protocols.HasLeader(protocol) ? 1 : clients),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            Faults = faults.ToHashSet(),
            Durability = durability,
            IsQuiet = parsed.GetValue(_json),
            HistoryFile = parsed.GetValue(_history),
        };
        DemoReport report = await new DemoRun(plan).RunAsync(cancellation);
        Console.WriteLine(plan.IsQuiet ? report.ToJson() : report.ToText());
        return report.IsGood ? 0 : 1;
    }
}
