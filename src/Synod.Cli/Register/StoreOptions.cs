using System.CommandLine;
using Synod.Hosting;

namespace Synod.Cli.Register;

/// <summary>The options by which commands find the write-once store, and what they do with its
/// answers.</summary>
internal sealed class StoreOptions
{
    private readonly LocalCluster _cluster = new();
    private readonly Option<string> _bucket = new("--bucket")
    {
        Description = "In which bucket the key is.",
        DefaultValueFactory = static _ => RegisterCall.DefaultBucket,
    };

    private readonly Option<bool> _wait = new("--wait")
    {
        Description = "Wait for a majority however long it takes, and not only --timeout.",
    };

    private readonly Option<double> _timeout = CommonOptions.Timeout();

    /// <summary>Seconds that something lives.</summary>
    public static Option<double?> For() => new("--for")
    {
        Description = "For how many seconds it lives unless it is renewed, by the clocks of a "
            + "majority of the nodes.",
        CustomParser = static result => Allowed.Between(0.001, 1e9)(result),
    };

    public Command Command(
        (string Name, string Description) words,
        Func<ParseResult, CancellationToken, Task<int>> run,
        params Symbol[] symbols)
    {
        Command command = new(words.Name, words.Description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else if (symbol is Option option)
                command.Options.Add(option);
        }

        command.Options.Add(_timeout);
        command.Options.Add(_wait);
        _cluster.AddTo(command);
        _cluster.AddGroupTo(command);
        command.SetAction(run);
        return command;
    }

    /// <summary>A command on a key of a bucket.</summary>
    public Command KeyCommand(
        (string Name, string Description) words,
        Func<ParseResult, CancellationToken, Task<int>> run,
        params Symbol[] symbols) => Command(words, run, [.. symbols, _bucket]);

    public string BucketIn(ParseResult parsed) => parsed.GetValue(_bucket) ?? "";

    public NoQuorumPolicy PolicyIn(ParseResult parsed) =>
        parsed.GetValue(_wait) ? NoQuorumPolicy.Wait : NoQuorumPolicy.Return;

    public RegisterCall CallIn(ParseResult parsed) => new()
    {
        Bucket = BucketIn(parsed),
        NoQuorum = PolicyIn(parsed),
    };

    public SynodClient Connect(ParseResult parsed) => _cluster.Connect(
        parsed, new WriteOnce(), TimeSpan.FromSeconds(parsed.GetValue(_timeout)));

    /// <summary>Runs a call on the store.</summary>
    /// <exception cref="CommandException">What was asked for has not happened.</exception>
    public async Task<RegisterOutcome> RunAsync(
        ParseResult parsed, Func<Registers, Task<RegisterOutcome>> call)
    {
        await using SynodClient client = Connect(parsed);
        RegisterOutcome outcome = await call(new Registers(client));
        return outcome switch
        {
            RegisterOutcome.Refused refused =>
                throw new CommandException($"not done: {refused.Why}"),
            RegisterOutcome.NoQuorum none => throw new CommandException(
                (none.MayHaveHappened
                    ? "no answer in time. It may have happened and may still happen, once. "
                    : "not done: ")
                + $"{none.Why} Is a majority of the nodes running? {client.LastTrouble}".TrimEnd()),
            _ => outcome,
        };
    }
}
