using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Synod.Hosting;

namespace Synod.Cli.Register;

/// <summary><c>synod register</c>: puts write-once values and reads them.</summary>
internal sealed class RegisterCommand
{
    private readonly StoreOptions _store = new();
    private readonly Argument<string> _key = new("key") { Description = "Which key." };
    private readonly Argument<string> _value = new("value") { Description = "The value." };
    private readonly Argument<string> _name = new("name")
    {
        Description = "Letters, digits, dots, dashes and underscores, 64 at most.",
    };

    private readonly Option<string?> _default = new("--default")
    {
        Description = "What to print if there is no value.",
    };

    private readonly Option<bool> _long = new("--long")
    {
        Description = "Print what the value lives with, too.",
    };

    private readonly Option<string?> _owner = new("--owner")
    {
        Description = "The value lives no longer than this owner.",
    };

    private readonly Option<int?> _node = new("--with-node")
    {
        Description = "The value lives no longer than this run of this node.",
        CustomParser = static result => Allowed.Between(1, int.MaxValue)(result),
    };

    private readonly Option<string?> _with = new("--with-key")
    {
        Description = "The value lives no longer than this key, as in bucket/key.",
    };

    private readonly Option<DateTimeOffset?> _until = new("--until")
    {
        Description = "The value lives until then, as in 2030-01-31T12:00:00Z, by the clocks of a "
            + "majority of the nodes.",
        CustomParser = ParseTime,
    };

    public static Command Create()
    {
        RegisterCommand register = new();
        return new Command("register", "Talks to the write-once store of a running cluster.")
        {
            register._store.KeyCommand(
                ("put", "Puts a value if the key has none, and prints the chosen one."),
                register.PutAsync,
                [
                    register._key, register._value, register._owner, register._node,
                    register._with, register._until,
                ]),
            register._store.KeyCommand(
                ("get", "Prints the value of a key."),
                register.GetAsync,
                [register._key, register._default, register._long]),
            register._store.KeyCommand(
                ("end", "Ends the present life of a key: it can be put anew."),
                register.EndAsync,
                [register._key]),
            register._store.Command(
                ("bucket", "Creates a bucket: keys of its own."),
                register.CreateBucketAsync,
                [register._name]),
            OwnerCommand.Create(),
        };
    }

    private async Task<int> PutAsync(ParseResult parsed, CancellationToken cancellation)
    {
        PutCall call = new()
        {
            Bucket = _store.BucketIn(parsed),
            NoQuorum = _store.PolicyIn(parsed),
            Owner = parsed.GetValue(_owner) is string owner ? new OwnerId(owner) : null,
            Node = parsed.GetValue(_node),
            Key = parsed.GetValue(_with) is string with ? KeyOf(with) : null,
            Until = parsed.GetValue(_until),
        };
        byte[] value = Encoding.UTF8.GetBytes(parsed.GetValue(_value) ?? "");
        RegisterOutcome outcome = await _store.RunAsync(
            parsed, store => store.PutAsync(parsed.GetValue(_key), value, call, cancellation));
        return Print(outcome, isLong: false);
    }

    private async Task<int> GetAsync(ParseResult parsed, CancellationToken cancellation)
    {
        GetCall call = new()
        {
            Bucket = _store.BucketIn(parsed),
            NoQuorum = _store.PolicyIn(parsed),
            Default = parsed.GetValue(_default) is string wanted
                ? Encoding.UTF8.GetBytes(wanted)
                : null,
        };
        RegisterOutcome outcome = await _store.RunAsync(
            parsed, store => store.GetAsync(parsed.GetValue(_key), call, cancellation));
        return Print(outcome, parsed.GetValue(_long));
    }

    private async Task<int> EndAsync(ParseResult parsed, CancellationToken cancellation)
    {
        (string? key, RegisterCall call) = (parsed.GetValue(_key), _store.CallIn(parsed));
        GetCall get = new() { Bucket = call.Bucket, NoQuorum = call.NoQuorum };
        await _store.RunAsync(parsed, async store =>
            await store.GetAsync(key, get, cancellation) switch
            {
                RegisterOutcome.Chosen found =>
                    await store.EndAsync(key, found.Value.Generation, call, cancellation),
                RegisterOutcome.NotFound => throw new CommandException($"{key} has no value."),
                RegisterOutcome unknown => unknown,
            });
        return 0;
    }

    private async Task<int> CreateBucketAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await _store.RunAsync(parsed, store => store.CreateBucketAsync(
            parsed.GetValue(_name), _store.CallIn(parsed), cancellation));
        return 0;
    }

    private static int Print(RegisterOutcome outcome, bool isLong)
    {
        switch (outcome)
        {
            case RegisterOutcome.Chosen chosen:
                Console.WriteLine(Encoding.UTF8.GetString(chosen.Value.Bytes.Span));
                if (isLong)
                    Console.WriteLine(Describe(chosen.Value));
                return 0;
            case RegisterOutcome.Fallback wanted:
                Console.WriteLine(Encoding.UTF8.GetString(wanted.Value.Span));
                return 0;
            default:
                throw new CommandException("there is no value.");
        }
    }

    private static string Describe(RegisterValue value) => string.Join(
        "  ",
        [
            $"generation {value.Generation}",
            .. Named("owner", value.Owner),
            .. Named("node", value.Node),
            .. Named("key", value.Key is (string bucket, string key) ? $"{bucket}/{key}" : null),
            .. Named("until", value.Until?.ToString("O", CultureInfo.InvariantCulture)),
        ]);

    private static string[] Named(string name, object? value) =>
        value is null ? [] : [$"{name} {value}"];

    private static (string Bucket, string Key) KeyOf(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? (RegisterCall.DefaultBucket, text)
            : (text[..slash], text[(slash + 1)..]);
    }

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        bool isTime = DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset time);
        if (!isTime)
            result.AddError($"--until is '{text}': write a time, as in 2030-01-31T12:00:00Z.");
        return time;
    }
}
