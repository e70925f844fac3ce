using System.CommandLine;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Cli.Demo;

/// <summary><c>synod demo</c>: real processes, real logs, real kills, and a check of every
/// answer.</summary>
internal sealed class DemoCommand
{
    private static readonly string[] FaultNames = ["kill", "pause", "none"];

    private readonly Option<string> _protocol = new("--protocol")
    {
        Description = $"The protocol: {string.Join(", ", Protocols.Names)}.",
        DefaultValueFactory = static _ => "raft",
    };

    private readonly Option<int> _nodes = new("--nodes")
    {
        Description = $"How many node processes, 1 to {MemberSet.MembersMax}.",
        DefaultValueFactory = static _ => 3,
    };

    private readonly Option<int> _clients = new("--clients")
    {
        Description = "How many clients count at the same time, 1 to 1000.",
        DefaultValueFactory = static _ => 8,
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "How long, 1 to 3600 seconds.",
        DefaultValueFactory = static _ => 10,
    };

    private readonly Option<string> _faults = new("--faults")
    {
        Description = "What happens to the leader, separated by commas: kill (kill -9 and restart), "
            + "pause (SIGSTOP and SIGCONT), none.",
        DefaultValueFactory = static _ => "kill",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "One JSON object on the last line, and nothing else.",
    };

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
            demo._seconds,
            demo._faults,
            demo._json,
            demo._history,
        };
        demo.Check();
        command.SetAction(demo.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        DemoPlan plan = new()
        {
            Protocol = parsed.GetValue(_protocol) ?? "",
            Nodes = parsed.GetValue(_nodes),
            Clients = parsed.GetValue(_clients),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            Faults = Faults(parsed.GetValue(_faults)).ToHashSet(),
            IsQuiet = parsed.GetValue(_json),
            HistoryFile = parsed.GetValue(_history),
        };
        DemoReport report = await new DemoRun(plan).RunAsync(cancellation);
        Console.WriteLine(plan.IsQuiet ? report.ToJson() : report.ToText());
        return report.IsGood ? 0 : 1;
    }

    private void Check()
    {
        string protocols = string.Join(" or ", Protocols.Names);
        Accept(_protocol, static name => Protocols.Names.Contains(name), protocols);
        Accept(
            _nodes,
            static nodes => nodes is >= 1 and <= MemberSet.MembersMax,
            $"1 to {MemberSet.MembersMax}");
        Accept(_clients, static clients => clients is >= 1 and <= 1000, "1 to 1000");
        Accept(_seconds, static seconds => seconds is >= 1 and <= 3600, "1 to 3600");
        Accept(
            _faults,
            static text => Faults(text).Length > 0 && !Faults(text).Except(FaultNames).Any(),
            string.Join(", ", FaultNames));
    }

    private static void Accept<T>(Option<T> option, Func<T?, bool> isGood, string allowed) =>
        option.Validators.Add(result =>
        {
            T? value = result.GetValueOrDefault<T>();
            if (!isGood(value))
                result.AddError($"{option.Name} is '{value}': use {allowed}.");
        });

    private static string[] Faults(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
