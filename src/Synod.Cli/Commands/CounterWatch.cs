using System.CommandLine;
using System.Globalization;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Cli.Commands;

/// <summary><c>synod counter watch</c>: shows a counter and each of its new values.</summary>
internal sealed class CounterWatch
{
    private readonly LocalCluster _cluster = new();
    private readonly Argument<string> _key = new("key")
    {
        Description = "Which counter.",
        DefaultValueFactory = static _ => "demo",
    };

    private readonly Option<int> _from = new("--from")
    {
        Description = "Watch at this node, while it is there.",
        CustomParser = Allowed.Between(1, MemberSet.MembersMax),
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<long> _count = new("--count")
    {
        Description = "How many values to show; 0 for all, until it is interrupted.",
        CustomParser = Allowed.Between(0, long.MaxValue),
        DefaultValueFactory = static _ => 0,
    };

    private readonly Option<double> _timeout = CommonOptions.Timeout();

    private readonly Option<bool> _json = new("--json")
    {
        Description = "One JSON object on a line for each value.",
    };

    public static Command Create()
    {
        CounterWatch watch = new();
        Command command = new("watch", "Prints the value of a counter, and then every new one.")
        {
            watch._key,
            watch._from,
            watch._count,
            watch._timeout,
            watch._json,
        };
        command.Validators.Add(result => watch._cluster.CheckNode(result, watch._from));
        command.SetAction(watch.RunAsync);
        watch._cluster.AddTo(command);
        watch._cluster.AddGroupTo(command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout));
        long count = parsed.GetValue(_count);
        await using SynodClient client =
            _cluster.Connect(parsed, timeout, parsed.GetValue(_from));
        using CancellationTokenSource late =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(timeout);
        long shown = 0;
        try
        {
            await foreach (WatchEvent<long> told in client.WatchAsync(
                parsed.GetValue(_key) ?? "", new GetValue(), late.Token))
            {
                late.CancelAfter(Timeout.InfiniteTimeSpan);
                Show(client, told, parsed.GetValue(_json));
                if (++shown == count)
                    return 0;
            }
        }
        catch (OperationCanceledException) when (shown > 0 && count == 0)
        {
            return 0;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            string trouble = client.LastTrouble is { Length: > 0 } last ? $" ({last})" : "";
            throw new CommandException($"no node has shown the counter in time{trouble}.");
        }

        return 1;
    }

    private static void Show(SynodClient client, WatchEvent<long> told, bool isJson)
    {
        if (told is WatchEvent<long>.Ended ended)
            throw new CommandException(CounterCommand.Explain(client, ended.Why));
        if (told is not WatchEvent<long>.State state)
            return;

        if (isJson)
        {
            Console.WriteLine(ToJson(state));
            return;
        }

        if (state.IsGap)
            Console.Error.WriteLine("synod: values before the next one were missed.");
        Console.WriteLine(state.Answer);
    }

    private static string ToJson(WatchEvent<long>.State state)
    {
        string gap = state.IsGap ? "true" : "false";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"value\":{state.Answer},\"version\":{state.Version},\"gap\":{gap},"
            + $"\"node\":{state.From.Number}}}");
    }
}
