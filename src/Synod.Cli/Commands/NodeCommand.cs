using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Cli.Commands;

/// <summary><c>synod node N</c>: one node of a cluster, until it is told to stop.</summary>
internal sealed class NodeCommand
{
    private const int Any = 0;

    private readonly LocalCluster _cluster = new();
    private readonly GroupList _groups = new();
    private readonly LeaseOptions _lease = new();
    private readonly Argument<int> _number = new("number")
    {
        Description = "The number of this node, from 1; _ takes the lowest that does not run.",
        CustomParser = static result => result.Tokens[0].Value == "_"
            ? Any
            : Allowed.Between(1, int.MaxValue)(result),
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The directory of this node; its parent must exist. "
            + "Default: synod-data/node-N here. Not used with --durability memory.",
    };

    private readonly Option<string> _protocol =
        CommonOptions.Protocol("The protocol of a new group");

    private readonly Option<string> _machine = new("--machine")
    {
        Description = $"The state machine of a new group: {string.Join(", ", Machines.Names)}.",
        CustomParser = Allowed.OneOf(Machines.Names),
        DefaultValueFactory = static _ => "counter",
    };

    private readonly Option<int> _work = new("--work")
    {
        Description = "About how many microseconds the machine takes with each command: to load "
            + "a cluster whose machine is slow.",
        CustomParser = Allowed.Between(0, 1_000_000),
        DefaultValueFactory = static _ => 0,
    };

    private readonly Option<string> _durability = DurabilityOption.Create();

    private readonly Option<long> _capacity = new("--log-capacity")
    {
        Description = "The most bytes that the log may take.",
        CustomParser = Allowed.Between(0, long.MaxValue),
        DefaultValueFactory = static _ => new SynodOptions().LogCapacityBytes,
    };

    private readonly Option<int> _segment = new("--log-segment")
    {
        Description = "The bytes of one file of the log.",
        CustomParser = Allowed.Between(0, int.MaxValue),
        DefaultValueFactory = static _ => new SynodOptions().LogSegmentBytes,
    };

    private readonly Option<bool> _forwards = new("--forward-commands")
    {
        Description = "Pass commands on to the leader and answer them, instead of naming the "
            + "leader; the same on every node.",
    };

    private readonly Option<string> _waits = new("--wait-for")
    {
        Description = "Whom the start waits for: all members, the minimum (a majority), or none. "
            + "A new group needs all its members once.",
        CustomParser = Allowed.OneOf(["none", "minimum", "all"]),
        DefaultValueFactory = static _ => "none",
    };

    private readonly Option<int> _waitSeconds = new("--wait-seconds")
    {
        Description = "How long it waits; then the node ends with an error.",
        CustomParser = Allowed.Between(1, 86_400),
        DefaultValueFactory = static _ => (int)new SynodOptions().StartTimeout.TotalSeconds,
    };

    private readonly Option<bool> _insecure = new("--allow-insecure")
    {
        Description = "Listen where other machines can reach the node, although nothing is "
            + "encrypted and nobody is asked who they are.",
    };

    private readonly Option<bool> _leashed = new("--until-input-ends")
    {
        Description = "Stop when the standard input ends, as when the parent process is gone. A "
            + $"line '{NodeUsage.Question}' is answered with ticks of processor time, bytes "
            + "allocated and held, turns, flushes, and bytes sent and written to disks; "
            + $"'{NodeParts.Order(NodePart.Replica)}' and '{NodeParts.Order(NodePart.Machine)}' "
            + "crash a part of group 1.",
    };

    public static Command Create()
    {
        NodeCommand node = new();
        Command command = new("node", "Runs one node of a cluster with a replicated state machine.")
        {
            node._number,
            node._data,
            node._protocol,
            node._machine,
            node._work,
            node._durability,
            node._capacity,
            node._segment,
            node._forwards,
            node._waits,
            node._waitSeconds,
            node._insecure,
            node._leashed,
        };
        node._lease.AddTo(command);
        node._groups.AddTo(command);
        node._cluster.AddTo(command);
        command.Validators.Add(node.CheckWork);
        command.SetAction(node.RunAsync);
        return command;
    }

    private static bool IsTyped(OptionResult? option) =>
        option?.Tokens.Any(static token => token.Value != "0") == true;

    // Looks at what was typed: what cannot be read is told of by itself.
    private void CheckWork(CommandResult result)
    {
        bool isWriteOnce = result.GetResult(_machine) is OptionResult machine
            && machine.Tokens.Any(static token => token.Value == Machines.WriteOnce);
        if (isWriteOnce && IsTyped(result.GetResult(_work)))
            result.AddError("--work is for the other machines, not for write-once.");
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        int number = parsed.GetValue(_number);
        if (number != Any)
            return await RunAsync(parsed, number, cancellation);

        int nodes = _cluster.AddressesIn(parsed).Length;
        foreach (int free in Enumerable.Range(1, nodes))
        {
            try
            {
                return await RunAsync(parsed, free, cancellation);
            }
            catch (NodeStartException fault) when (fault.IsTaken)
            {
                // It runs already, or another one has taken it just now.
            }
        }

        throw new CommandException(
            $"the nodes 1 to {nodes} of this cluster run already. Name more with --at.");
    }

    private async Task<int> RunAsync(ParseResult parsed, int number, CancellationToken cancellation)
    {
        // What it was started with is what it runs with. To see settings change, a host watches all
        // files below the working directory, where the log may be.
        ConfigurationManager settings = new();
        settings.AddInMemoryCollection([new("hostBuilder:reloadConfigOnChange", "false")]);
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { Configuration = settings });
        ConfigureLogging(builder.Logging);
        IKeyedMachine machine = Machines.Find(parsed.GetValue(_machine) ?? "");
        int work = parsed.GetValue(_work);
        builder.Services.AddSynod(
            work > 0 ? new SlowMachine(machine, work) : machine,
            options => Configure(options, parsed, number));
        if (machine is WriteOnce)
        {
            // Whoever starts the nodes one by one must see the first one start.
            builder.Services.AddSynodRegisters(static store => store.WaitsForQuorum = false);
        }

        using IHost host = builder.Build();
        await host.StartAsync(cancellation);
        using IdleCollector collector = new();
        if (parsed.GetValue(_leashed))
            FollowInput(host.Services);

        Task ended = host.Services.GetRequiredService<SynodNode>().Ended;
        await host.WaitForShutdownAsync(cancellation);
        if (!ended.IsFaulted)
            return 0;

        string reason = ended.Exception.InnerException?.Message ?? "unknown";
        throw new CommandException($"node {number} had to end: {reason}");
    }

    private void Configure(SynodOptions options, ParseResult parsed, int number)
    {
        options.Cluster = _cluster.NameIn(parsed);
        options.Node = number;
        options.Protocol = parsed.GetValue(_protocol) ?? "";
        options.LogCapacityBytes = parsed.GetValue(_capacity);
        options.LogSegmentBytes = parsed.GetValue(_segment);
        options.Tls = _cluster.TlsIn(parsed);
        options.ForwardsCommands = parsed.GetValue(_forwards);
        options.StartCondition = Enum.Parse<StartCondition>(
            parsed.GetValue(_waits) ?? "", ignoreCase: true);
        options.StartTimeout = TimeSpan.FromSeconds(parsed.GetValue(_waitSeconds));
        options.AllowInsecure = parsed.GetValue(_insecure);
        options.Durability = DurabilityOption.In(parsed, _durability);
        options.Lease = _lease.In(parsed);
        options.DataDirectory = DirectoryIn(parsed, options);
        string[] addresses = _cluster.AddressesIn(parsed);
        for (int position = 0; position < addresses.Length; position++)
            options.Nodes[position + 1] = addresses[position];
        _groups.Configure(parsed, options);
    }

    // A parent process names a directory whatever the durability is, also for its own files.
    private string DirectoryIn(ParseResult parsed, SynodOptions options) =>
        options.Durability == Durability.Memory
            ? ""
            : parsed.GetValue(_data) ?? DefaultDirectory(options.Node);

    private static string DefaultDirectory(int node)
    {
        DirectoryInfo parent = Directory.CreateDirectory("synod-data");
        string name = string.Create(CultureInfo.InvariantCulture, $"node-{node}");
        return Path.Combine(parent.FullName, name);
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = Console.IsErrorRedirected
                ? LoggerColorBehavior.Disabled
                : LoggerColorBehavior.Enabled;
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // What keeps a node from starting is told once, by the exception.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.Services.Configure<ConsoleLoggerOptions>(
            static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void FollowInput(IServiceProvider services)
    {
        SynodNode node = services.GetRequiredService<SynodNode>();
        Thread watch = new(() =>
        {
            using NodeMeasures measures = new();
            while (Console.ReadLine() is string line)
            {
                if (line == NodeUsage.Question)
                    Console.WriteLine(measures.Read());
                else if (NodeParts.TryParse(line) is NodePart part)
                    node.Crash(new GroupId(1), part);
            }

            services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        })
        { IsBackground = true };
        watch.Start();
    }
}
