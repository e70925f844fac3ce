using System.CommandLine;
using Synod.Hosting;

namespace Synod.Cli.Register;

/// <summary><c>synod register owner</c>: owners of values.</summary>
internal sealed class OwnerCommand
{
    private readonly StoreOptions _store = new();
    private readonly Argument<string> _name = new("owner") { Description = "Which owner." };
    private readonly Option<double?> _for = StoreOptions.For();
    private readonly Argument<double> _seconds = new("seconds")
    {
        Description = "For how many seconds from now it lives.",
        CustomParser = Allowed.Between(0.001, 1e9),
    };

    public static Command Create()
    {
        OwnerCommand owner = new();
        return new Command("owner", "Opens and ends owners, whose values end with them.")
        {
            owner._store.Command(
                ("open", "Opens an owner and prints its name."), owner.OpenAsync, [owner._for]),
            owner._store.Command(
                ("renew", "Gives an owner that was opened with --for more time."),
                owner.RenewAsync,
                [owner._name, owner._seconds]),
            owner._store.Command(
                ("end", "Ends an owner for ever, and all its values."),
                owner.EndAsync,
                [owner._name]),
        };
    }

    private async Task<int> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OwnerId owner = OwnerId.New();
        TimeSpan? time = parsed.GetValue(_for) is double seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
        await _store.RunAsync(parsed, store =>
            store.OpenOwnerAsync(owner, time, _store.CallIn(parsed), cancellation));
        Console.WriteLine(owner);
        return 0;
    }

    private async Task<int> RenewAsync(ParseResult parsed, CancellationToken cancellation)
    {
        TimeSpan time = TimeSpan.FromSeconds(parsed.GetValue(_seconds));
        await _store.RunAsync(parsed, store =>
            store.RenewOwnerAsync(OwnerIn(parsed), time, _store.CallIn(parsed), cancellation));
        return 0;
    }

    private async Task<int> EndAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await _store.RunAsync(parsed, store =>
            store.EndOwnerAsync(OwnerIn(parsed), _store.CallIn(parsed), cancellation));
        return 0;
    }

    private OwnerId OwnerIn(ParseResult parsed) => new(parsed.GetValue(_name) ?? "");
}
