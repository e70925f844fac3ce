using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Synod.Cli.Scenario;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Simulation;
using Story = Synod.Simulation.Scenario;

namespace Synod.Cli.Explore;

/// <summary><c>synod explore</c>: every state of a small group, as far as it is asked
/// for.</summary>
internal sealed class ExploreCommand
{
    private const int CountMax = 26;

    private readonly Option<string> _protocol = CommonOptions.Protocol();

    private readonly Option<int> _nodes =
        Count("--nodes", "How many members", (1, MemberSet.MembersMax), 3);

    private readonly Option<int> _depth = Count("--depth", "How many moves deep", (1, 1000), 16);

    private readonly Option<int> _states = Count(
        "--states", "Give up after so many states", (1, 1_000_000_000), 100_000);

    private readonly Option<int> _wakes =
        Count("--wakes", "How often members wake, in all", (0, CountMax), 2);

    private readonly Option<int> _proposals =
        Count("--proposals", "How many commands are proposed", (0, CountMax), 2);

    private readonly Option<int> _reads =
        Count("--reads", "How many reads are asked", (0, CountMax), 0);

    private readonly Option<int> _crashes =
        Count("--crashes", "How often a member crashes and comes back", (0, CountMax), 1);

    private readonly Option<int> _copies =
        Count("--copies", "How many frames arrive twice", (0, CountMax), 0);

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Begin at the end of this scenario, which names protocol and nodes.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        ExploreCommand explore = new();
        Command command = new(
            "explore",
            "Looks at every state that a small group can get into, by every order of events.")
        {
            explore._protocol,
            explore._nodes,
            explore._depth,
            explore._states,
            explore._wakes,
            explore._proposals,
            explore._reads,
            explore._crashes,
            explore._copies,
            explore._from,
            explore._json,
        };
        command.SetAction(explore.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        ExploreOptions options = new()
        {
            From = Beginning(parsed),
            Depth = parsed.GetValue(_depth),
            StatesMax = parsed.GetValue(_states),
            Wakes = parsed.GetValue(_wakes),
            Proposals = parsed.GetValue(_proposals),
            Reads = parsed.GetValue(_reads),
            Crashes = parsed.GetValue(_crashes),
            Copies = parsed.GetValue(_copies),
        };
        bool isJson = parsed.GetValue(_json);
        bool isQuiet = isJson || Console.IsErrorRedirected;
        Stopwatch watch = Stopwatch.StartNew();
        ExploreReport report = Search(options, isQuiet ? null : Progress);
        if (!isQuiet)
            Console.Error.WriteLine();
        Console.WriteLine(
            isJson ? ToJson(options, report, watch.Elapsed) : ToText(report, watch.Elapsed));
        return report.Violation is null ? 0 : 1;
    }

    private static ExploreReport Search(ExploreOptions options, Action<int>? progress)
    {
        try
        {
            return Explorer.Run(options, progress);
        }
        catch (ArgumentException fault)
        {
            throw new CommandException(fault.Message);
        }
    }

    private Story Beginning(ParseResult parsed)
    {
        if (parsed.GetValue(_from) is not string file)
        {
            string name = parsed.GetValue(_protocol) ?? "";
            return ExploreOptions.AtStart(
                Protocols.Create(new SynodOptions { Protocol = name }), parsed.GetValue(_nodes));
        }

        try
        {
            return ScenarioFiles.Read(file);
        }
        catch (ScenarioException malformed)
        {
            throw new CommandException(malformed.Message);
        }
    }

    private static Option<int> Count(
        string name, string description, (int Min, int Max) range, int standard) => new(name)
        {
            Description = $"{description}.",
            CustomParser = Allowed.Between(range.Min, range.Max),
            DefaultValueFactory = _ => standard,
        };

    private static void Progress(int states) => Console.Error.Write(
        string.Create(CultureInfo.InvariantCulture, $"\r{states} states"));

    private static string ToText(ExploreReport report, TimeSpan elapsed)
    {
        string extent = report switch
        {
            { Violation: not null } => "up to the first violation",
            { IsComplete: true } => "all there are",
            { IsExhausted: true } => "all within the depth",
            _ => "not all within the depth: more --states are needed",
        };
        string counted = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.States} states, {report.Transitions} moves, depth {report.Depth}, in "
            + $"{elapsed.TotalSeconds:0.0} s: {extent}.");
        return report.Violation is null
            ? $"No promise is broken. {counted}"
            : $"{report.Scenario}\nViolated: {report.Violation}\n{counted}";
    }

    private static string ToJson(ExploreOptions options, ExploreReport report, TimeSpan elapsed)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("protocol", options.From.Protocol.Name);
            json.WriteNumber("nodes", options.From.MemberCount);
            json.WriteNumber("states", report.States);
            json.WriteNumber("transitions", report.Transitions);
            json.WriteNumber("depth", report.Depth);
            json.WriteBoolean("exhausted", report.IsExhausted);
            json.WriteBoolean("complete", report.IsComplete);
            json.WriteString("violation", report.Violation);
            json.WriteString("scenario", report.Scenario);
            json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
