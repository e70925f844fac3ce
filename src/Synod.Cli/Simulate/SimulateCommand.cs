using System.CommandLine;
using System.Globalization;
using Synod.Hosting;
using Synod.Samples.Workloads;
using Synod.Simulation;

namespace Synod.Cli.Simulate;

/// <summary><c>synod simulate</c>: whole clusters in virtual time under every fault, by
/// seed.</summary>
internal sealed class SimulateCommand
{
    private static readonly string[] FaultNames =
        [.. Enum.GetNames<FaultClasses>().Select(static name => name.ToLowerInvariant())];

    private static readonly string[] LeaseNames =
        [.. Enum.GetNames<LeaseUse>().Select(static name => name.ToLowerInvariant())];

    private readonly Option<string> _protocol = CommonOptions.Protocol();

    private readonly Option<SeedRange> _seeds = new("--seeds")
    {
        Description = "The seeds, from the first to the last, as in 1..1000.",
        CustomParser = SeedRange.Parse,
        DefaultValueFactory = static _ => new SeedRange(1, 100),
    };

    private readonly Option<ulong?> _seed = new("--seed")
    {
        Description = "One seed alone, to be looked at.",
    };

    private readonly Option<int> _nodes = CommonOptions.Nodes("nodes");

    private readonly Option<string[]> _faults = new("--faults")
    {
        Description = $"What may go wrong, separated by commas: {string.Join(", ", FaultNames)}.",
        CustomParser = Allowed.SomeOf(FaultNames),
        DefaultValueFactory = static _ => ["all"],
    };

    private readonly Option<string[]> _workload = new("--workload")
    {
        Description = $"What clients do: {string.Join(", ", WorkloadNames.All)}; of several, "
            + "separated by commas, the seeds run one after the other. Default: counter; with "
            + "--protocol register register,write-once,store.",
        CustomParser = Allowed.SomeOf(WorkloadNames.All),
    };

    private readonly Option<string> _leases = new("--leases")
    {
        Description = $"In which runs leaders have leases: {string.Join(", ", LeaseNames)}.",
        CustomParser = Allowed.OneOf(LeaseNames),
        DefaultValueFactory = static _ => LeaseNames[0],
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "How long things go wrong, in virtual time, 1 to 3600 seconds.",
        CustomParser = Allowed.Between(1.0, 3600.0),
        DefaultValueFactory = static _ => 20,
    };

    private readonly Option<bool> _untilBad = new("--until-bad")
    {
        Description = "Stop at the first seed that breaks a promise.",
    };

    private readonly Option<int> _groups = new("--groups")
    {
        Description = "How many groups the nodes serve: one on all, each further one without "
            + "another node, if there are four or more.",
        CustomParser = Allowed.Between(1, 15),
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<bool> _trace = new("--trace")
    {
        Description = "Of one seed: print all that happens.",
    };

    private readonly Option<bool> _shrink = new("--shrink")
    {
        Description = "Of one seed that breaks a promise: make the run as small as possible.",
    };

    private readonly Option<string?> _replay = new("--replay")
    {
        Description = "Of one seed: write a page that plays the run to this file.",
    };

    private readonly Option<string?> _history = new("--history")
    {
        Description = "Write the history of each run to this directory, as synod-history/1.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        SimulateCommand simulate = new();
        Command command = new(
            "simulate", "Runs whole clusters in virtual time under every fault, and checks them.")
        {
            simulate._protocol,
            simulate._seeds,
            simulate._seed,
            simulate._nodes,
            simulate._groups,
            simulate._faults,
            simulate._workload,
            simulate._leases,
            simulate._seconds,
            simulate._untilBad,
            simulate._trace,
            simulate._shrink,
            simulate._replay,
            simulate._history,
            simulate._json,
        };
        command.Validators.Add(result =>
        {
            bool looks = result.GetValue(simulate._trace) || result.GetValue(simulate._shrink)
                || result.GetValue(simulate._replay) is not null;
            if (looks && result.GetValue(simulate._seed) is null)
                result.AddError("--trace, --shrink and --replay look at one run: add --seed N.");
            if (result.GetValue(simulate._protocol) == "register"
                && result.GetValue(simulate._workload)?.Contains("transactions") == true)
            {
                result.AddError("register decides about one key at a time: no transactions.");
            }
        });
        command.SetAction(simulate.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string protocol = parsed.GetValue(_protocol) ?? "";
        SimulationOptions options = new()
        {
            Protocol = Protocols.Create(new SynodOptions { Protocol = protocol }),
            Workload = WorkloadNames.Find(NamesIn(parsed)[0]),
            Nodes = parsed.GetValue(_nodes),
            Groups = parsed.GetValue(_groups),
            Clients = Math.Max(3, 2 * parsed.GetValue(_groups)),
            Faults = FaultsOf(parsed.GetValue(_faults) ?? []),
            Leases = Enum.Parse<LeaseUse>(parsed.GetValue(_leases) ?? "", ignoreCase: true),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
        };
        if (parsed.GetValue(_seed) is not ulong seed)
            return RunAll(parsed, options);

        Workload workload = Sweep.WorkloadOf(seed, WorkloadsIn(parsed));
        return RunOne(parsed, options with { Workload = workload }, seed);
    }

    private string[] NamesIn(ParseResult parsed) =>
        parsed.GetValue(_workload) is { Length: > 0 } named
            ? named
            : [.. WorkloadNames.Of(parsed.GetValue(_protocol) ?? "")];

    private Workload[] WorkloadsIn(ParseResult parsed) =>
        [.. NamesIn(parsed).Select(WorkloadNames.Find)];

    private int RunAll(ParseResult parsed, SimulationOptions options)
    {
        SeedRange seeds = parsed.GetValue(_seeds);
        bool isQuiet = parsed.GetValue(_json) || Console.IsErrorRedirected;
        Sweep sweep = new(options, CommandOf(parsed), seeds)
        {
            Workloads = WorkloadsIn(parsed),
            HistoryFolder = parsed.GetValue(_history),
            StopsAtBad = parsed.GetValue(_untilBad),
        };
        SweepReport report = sweep.Run(
            done =>
            {
                string line = string.Create(
                    CultureInfo.InvariantCulture, $"\r{done} of {seeds.Count} seeds");
                if (!isQuiet && done % 10 == 0)
                    Console.Error.Write(line);
            },
            CancellationToken.None);
        if (!isQuiet)
            Console.Error.WriteLine();
        Console.WriteLine(parsed.GetValue(_json) ? report.ToJson() : report.ToText());
        return report.IsGood ? 0 : 1;
    }

    private int RunOne(ParseResult parsed, SimulationOptions options, ulong seed)
    {
        SimulationReport report = Simulator.Run(options, seed);
        if (parsed.GetValue(_shrink) && report.Verdict == Verdict.Violated)
            (options, report) = Shrinker.Shrink(options, report);
        Look(parsed, options, report);
        Histories.Write(parsed.GetValue(_history), report);

        SweepReport sweep = new(options, CommandOf(parsed), TimeSpan.Zero);
        sweep.Add(SeedResult.Of(report));
        if (!parsed.GetValue(_json))
        {
            foreach (Fault fault in report.Plan.Faults)
                Console.WriteLine(fault);
        }

        Console.WriteLine(parsed.GetValue(_json) ? sweep.ToJson() : sweep.ToText());
        return sweep.IsGood ? 0 : 1;
    }

    // What makes the same runs, without the seeds.
    private string CommandOf(ParseResult parsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"synod simulate --protocol {parsed.GetValue(_protocol)} --nodes {parsed.GetValue(_nodes)} "
        + $"--groups {parsed.GetValue(_groups)} "
        + $"--faults {string.Join(',', parsed.GetValue(_faults) ?? [])} "
        + $"--workload {string.Join(',', NamesIn(parsed))} --leases {parsed.GetValue(_leases)} "
        + $"--seconds {parsed.GetValue(_seconds)}");

    // The same seed gives the same run again, this time with words.
    private void Look(ParseResult parsed, SimulationOptions options, SimulationReport report)
    {
        if (parsed.GetValue(_trace))
            Simulator.Run(options, report.Seed, new TextTrace(Console.Out), report.Plan);
        if (parsed.GetValue(_replay) is not string file)
            return;

        ReplayPage page = new() { CommandLine = $"{CommandOf(parsed)} --seed {report.Seed}" };
        Simulator.Run(options, report.Seed, page, report.Plan);
        File.WriteAllText(file, page.ToHtml(report));
    }

    private static FaultClasses FaultsOf(string[] names) => names
        .Select(static name => Enum.Parse<FaultClasses>(name, ignoreCase: true))
        .Aggregate(FaultClasses.None, static (all, one) => all | one);
}
