using System.CommandLine;
using Spectre.Console;
using Synod.Cli;
using Synod.Compare.Parts;
using Synod.Hosting;

namespace Synod.Compare;

/// <summary>The command line of the comparison.</summary>
internal sealed class CompareCommand
{
    // What is written to a file is not cut to the width of a terminal.
    private const int TableWidth = 170;

    // In turns with etcd; alone.
    private const string InTurns = "turns";
    private static readonly string[] PartNames =
        [InTurns, "memory", "idle", "failover", "overload"];

    private readonly Option<string?> _etcd = new("--etcd")
    {
        Description = "The path of etcd. Without it only Synod's protocols are compared.",
    };

    private readonly Option<string?> _zooKeeper = new("--zookeeper")
    {
        Description =
            "The path of zookeeper.jar, which java runs. Without it ZooKeeper is left out.",
    };

    private readonly Option<string[]> _protocols = new("--protocols")
    {
        Description = $"Which of Synod's: {string.Join(", ", Protocols.Names)}. All by default.",
        CustomParser = Allowed.SomeOf(Protocols.Names),
        DefaultValueFactory = static _ => [.. Protocols.Names],
    };

    private readonly Option<string[]> _parts = new("--parts")
    {
        Description = $"What is measured: {string.Join(", ", PartNames)}. All by default.",
        CustomParser = Allowed.SomeOf(PartNames),
        DefaultValueFactory = static _ => PartNames,
    };

    private readonly Option<int> _clients = Number("--clients", "How many clients.", 256);

    private readonly Option<int> _connections =
        Number("--connections", "How many connections they share.", 4);

    private readonly Option<int> _payload = Number("--payload", "The bytes of a value.", 64);

    private readonly Option<int> _rounds = Number("--rounds", "How many windows each has.", 5);

    private readonly Option<double> _seconds = Seconds("--seconds", "How long one window is.", 3);

    private readonly Option<double> _settling =
        Seconds("--settle", "How long each has each load once, before anything counts.", 6);

    private readonly Option<double> _warmUp = Seconds("--warm-up", "Before each window.", 1);

    private readonly Option<string?> _json = new("--json")
    {
        Description = "A file for all windows and targets, as one JSON object.",
    };

    public static RootCommand Create()
    {
        CompareCommand compare = new();
        RootCommand root = new("Puts the same load on etcd, ZooKeeper and Synod, in turns.")
        {
            compare._etcd,
            compare._zooKeeper,
            compare._protocols,
            compare._parts,
            compare._clients,
            compare._connections,
            compare._payload,
            compare._rounds,
            compare._seconds,
            compare._settling,
            compare._warmUp,
            compare._json,
        };
        root.SetAction(compare.RunAsync);
        return root;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        ComparePlan plan = new()
        {
            Etcd = parsed.GetValue(_etcd),
            ZooKeeper = parsed.GetValue(_zooKeeper),
            Protocols = parsed.GetValue(_protocols) ?? [],
            Clients = parsed.GetValue(_clients),
            Connections = parsed.GetValue(_connections),
            PayloadBytes = parsed.GetValue(_payload),
            Rounds = parsed.GetValue(_rounds),
            Window = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            Settling = TimeSpan.FromSeconds(parsed.GetValue(_settling)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
        };
        string[] parts = parsed.GetValue(_parts) ?? [];
        Comparison comparison = parts.Contains(InTurns)
            ? await new CompareRun(plan, Say).RunAsync(cancellation)
            : new Comparison(plan);
        List<Target> targets = [.. new Targets(comparison).All()];
        foreach (string name in parts.Where(static name => name != InTurns))
        {
            Say($"{name}...");
            targets.AddRange(await PartOf(name, plan).MeasureAsync(cancellation));
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, TableWidth);
        new CompareReport(comparison, targets).Write(AnsiConsole.Console);
        if (parsed.GetValue(_json) is string file)
        {
            string json = new CompareJson(comparison, targets).Write();
            await File.WriteAllTextAsync(file, json, cancellation);
        }

        return comparison.IsWhole ? 0 : 1;
    }

    private static void Say(string line) => Console.Error.WriteLine(line);

    private static IPart PartOf(string name, ComparePlan plan) => name switch
    {
        "memory" => new MemoryPart(plan),
        "idle" => new IdlePart(),
        "failover" => new FailoverPart(plan),
        _ => new OverloadPart(plan),
    };

    private static Option<int> Number(string name, string what, int byDefault) => new(name)
    {
        Description = what,
        CustomParser = Allowed.Between(1, 1_000_000),
        DefaultValueFactory = _ => byDefault,
    };

    private static Option<double> Seconds(string name, string what, double byDefault) => new(name)
    {
        Description = $"{what} In seconds.",
        CustomParser = Allowed.Between(0.1, 600.0),
        DefaultValueFactory = _ => byDefault,
    };
}
