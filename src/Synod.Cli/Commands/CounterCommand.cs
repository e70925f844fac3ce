using System.CommandLine;
using System.CommandLine.Parsing;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Cli.Commands;

/// <summary><c>synod counter</c>: adds to a replicated counter and reads it.</summary>
internal sealed class CounterCommand
{
    private readonly LocalCluster _cluster = new();
    private readonly Argument<string> _key = new("key")
    {
        Description = "Which counter.",
        DefaultValueFactory = static _ => "demo",
    };

    private readonly Argument<long> _amount = new("amount")
    {
        Description = "How much to add.",
        CustomParser = Allowed.Between(long.MinValue, long.MaxValue),
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<bool> _local = new("--local")
    {
        Description = "Read what any one node has: may be old, works without a majority.",
    };

    private readonly Option<int?> _from = new("--from")
    {
        Description = "Read at this node, as new as anywhere: it asks the leader how far it must "
            + "have come.",
        CustomParser = static result => Allowed.Between(1, MemberSet.MembersMax)(result),
    };

    private readonly Option<double> _timeout = CommonOptions.Timeout();

    public static Command Create()
    {
        CounterCommand counter = new();
        Command add = new("add", "Adds to a counter and prints its new value.")
        {
            counter._key,
            counter._amount,
            counter._timeout,
        };
        add.SetAction(counter.AddAsync);
        counter._cluster.AddTo(add);
        counter._cluster.AddGroupTo(add);
        Command get = new("get", "Prints the value of a counter.")
        {
            counter._key,
            counter._local,
            counter._from,
            counter._timeout,
        };
        get.Validators.Add(counter.CheckSource);
        get.SetAction(counter.GetAsync);
        counter._cluster.AddTo(get);
        counter._cluster.AddGroupTo(get);
        return new Command("counter", "Talks to the replicated counter of a running cluster.")
        {
            add,
            get,
            CounterWatch.Create(),
        };
    }

    /// <summary>Why there is no result, for people.</summary>
    public static string Explain(SynodClient client, Outcome<long> outcome) => outcome switch
    {
        Outcome<long>.Unknown =>
            "no answer in time. It may have happened and may still happen, once; read the counter "
            + "before adding again.",
        Outcome<long>.Unavailable unavailable =>
            $"not done: {unavailable.Reason} ({client.LastTrouble})",
        Outcome<long>.NotLeader =>
            "not done: no leader was found in time. Is a majority of the nodes running?"
            + (client.LastTrouble.Length > 0 ? $" ({client.LastTrouble})" : ""),
        Outcome<long>.NoQuorum => "not done: a majority of the nodes is not running."
            + (client.LastTrouble.Length > 0 ? $" ({client.LastTrouble})" : ""),
        Outcome<long>.StorageFull =>
            "not done: the log of the leader is full. Give it more room (--log-capacity).",
        Outcome<long>.Overloaded => "not done: the cluster is overloaded. Try again later.",
        Outcome<long>.NotAllowed refused => $"not done: {refused.Reason}",
        Outcome<long>.Refused refused => $"not done: {refused.Reason}",
        _ => $"not done: {outcome}",
    };

    private async Task<int> AddAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using SynodClient client = _cluster.Connect(parsed, Timeout(parsed));
        Add command = new(parsed.GetValue(_amount));
        return Print(client, await client.ExecuteAsync(Key(parsed), command, cancellation));
    }

    private async Task<int> GetAsync(ParseResult parsed, CancellationToken cancellation)
    {
        int? from = parsed.GetValue(_from);
        await using SynodClient client = _cluster.Connect(parsed, Timeout(parsed), from ?? 1);
        GetValue query = new();
        if (from is not null)
            return Print(client, await client.QueryNearAsync(Key(parsed), query, cancellation));

        return Print(client, parsed.GetValue(_local)
            ? await client.QueryLocalAsync(Key(parsed), query, cancellation)
            : await client.QueryAsync(Key(parsed), query, cancellation));
    }

    private void CheckSource(CommandResult result)
    {
        if (_cluster.CheckNode(result, _from) && result.GetValue(_local))
            result.AddError("--from asks the leader and --local does not: use one of them.");
    }

    private static int Print(SynodClient client, Outcome<long> outcome)
    {
        if (outcome is not Outcome<long>.Applied applied)
            throw new CommandException(Explain(client, outcome));

        Console.WriteLine(applied.Result);
        return 0;
    }

    private string Key(ParseResult parsed) => parsed.GetValue(_key) ?? "";

    private TimeSpan Timeout(ParseResult parsed) =>
        TimeSpan.FromSeconds(parsed.GetValue(_timeout));
}
