using System.CommandLine;
using System.CommandLine.Parsing;
using Synod.Hosting;
using Synod.Samples.Workloads;
using Synod.Simulation;

namespace Synod.Cli.Wan;

/// <summary><c>synod wan</c>: what clients at sites far from each other wait for, in virtual
/// time.</summary>
internal sealed class WanCommand
{
    private readonly Option<string[]> _protocols = new("--protocol")
    {
        Description = $"One or more, separated by commas: {string.Join(", ", Protocols.Names)}.",
        CustomParser = Allowed.SomeOf(Protocols.Names),
        DefaultValueFactory = static _ => ["epaxos"],
    };

    private readonly Option<string> _rtt = new("--rtt")
    {
        Description = "The file of the round trips in milliseconds: a square of comma-separated "
            + "cells with the names of the sites in the first row and column.",
        Required = true,
    };

    private readonly Option<double> _conflict = new("--conflict")
    {
        Description = "Of a hundred commands, how many are on one key that all have in common.",
        CustomParser = Allowed.Between(0.0, 100.0),
    };

    private readonly Option<double?> _zipf = new("--zipf")
    {
        Description = "Draw all keys from a Zipf distribution of this exponent instead.",
        CustomParser = Allowed.Maybe(Allowed.Between(0.01, 10.0)),
    };

    private readonly Option<string?> _leader = new("--leader")
    {
        Description = "The site of the leader, for protocols that have one. Default the first.",
    };

    private readonly Option<int> _clients = new("--clients")
    {
        Description = "How many clients there are at each site, 1 to 1000.",
        CustomParser = Allowed.Between(1, 1000),
        DefaultValueFactory = static _ => 10,
    };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "How many commands a second the clients of a site begin, at random times. "
            + "Default: each calls again when it is answered.",
        CustomParser = Allowed.Maybe(Allowed.Between(0.001, 100_000.0)),
    };

    private readonly Option<double> _reads = new("--reads")
    {
        Description = "Of a hundred calls, how many are linearizable reads.",
        CustomParser = Allowed.Between(0.0, 100.0),
    };

    private readonly Option<double> _jitter = new("--jitter")
    {
        Description = "How many milliseconds a message is late at most, at random.",
        CustomParser = Allowed.Between(0.0, 10_000.0),
    };

    private readonly Option<double> _loss = new("--loss")
    {
        Description = "Of a hundred messages, how many are lost and sent again.",
        CustomParser = Allowed.Between(0.0, 50.0),
    };

    private readonly Option<double> _flush = new("--flush")
    {
        Description = "How many milliseconds a disk takes to flush.",
        CustomParser = Allowed.Between(0.0, 10_000.0),
    };

    private readonly Option<string?> _lose = new("--lose")
    {
        Description = "A site that is lost on the way, with its clients.",
    };

    private readonly Option<bool> _keepClients = new("--keep-clients")
    {
        Description = "Of a site that is lost, only the member is: its clients go to others.",
    };

    private readonly Option<double?> _loseAt = new("--lose-at")
    {
        Description = "After how many seconds it is lost. Default: after a third of them all.",
        CustomParser = Allowed.Maybe(Allowed.Between(0.0, 3600.0)),
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "How long is measured, in virtual time, 1 to 3600 seconds.",
        CustomParser = Allowed.Between(1.0, 3600.0),
        DefaultValueFactory = static _ => 60,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Where all randomness comes from: equal seeds, equal runs.",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<string?> _page = new("--html")
    {
        Description = "Write bars and distributions of all sites to this file, as one HTML page.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        WanCommand wan = new();
        Command command = new(
            "wan", "Shows what clients at sites far from each other wait for, in virtual time.")
        {
            wan._protocols,
            wan._rtt,
            wan._conflict,
            wan._zipf,
            wan._leader,
            wan._clients,
            wan._rate,
            wan._reads,
            wan._jitter,
            wan._loss,
            wan._flush,
            wan._lose,
            wan._keepClients,
            wan._loseAt,
            wan._seconds,
            wan._seed,
            wan._page,
            wan._json,
        };
        command.Validators.Add(wan.Validate);
        command.SetAction(wan.Run);
        return command;
    }

    private void Validate(CommandResult result)
    {
        bool isLost = result.GetResult(_lose) is not null;
        if (!isLost && result.GetResult(_loseAt) is not null)
            result.AddError("--lose-at tells when: say with --lose which site is lost.");
        if (!isLost && result.GetValue(_keepClients))
            result.AddError("--keep-clients is about a site that is lost: say with --lose which.");
        if (isLost && result.GetValue(_loseAt) > result.GetValue(_seconds))
        {
            result.AddError(
                "--lose-at is behind the end of the run: use less than --seconds, "
                + $"which is {result.GetValue(_seconds)}.");
        }

        bool hasConflict = result.GetResult(_conflict) is { Implicit: false };
        if (hasConflict && result.GetResult(_zipf) is not null)
            result.AddError("--zipf draws all keys itself: leave --conflict away.");
    }

    private int Run(ParseResult parsed)
    {
        RoundTrips roundTrips = RoundTripsOf(parsed);
        int? lost = SiteOf(roundTrips, "--lose", parsed.GetValue(_lose));
        int leader = SiteOf(roundTrips, "--leader", parsed.GetValue(_leader)) ?? 0;
        WideAreaOptions OptionsOf(string protocol) => new()
        {
            Protocol = Protocols.CreateFor(protocol, roundTrips.Longest),
            RoundTrips = roundTrips,
            Machine = WideAreaRegister.Machine,
            Leader = Protocols.HasLeader(protocol) ? leader : null,
            ClientsPerSite = parsed.GetValue(_clients),
            RatePerSite = parsed.GetValue(_rate),
            ConflictPercent = parsed.GetValue(_conflict),
            ZipfExponent = parsed.GetValue(_zipf),
            ReadPercent = parsed.GetValue(_reads),
            Jitter = TimeSpan.FromMilliseconds(parsed.GetValue(_jitter)),
            LossPercent = parsed.GetValue(_loss),
            FlushTime = TimeSpan.FromMilliseconds(parsed.GetValue(_flush)),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            Loss = lost is int site ? LossOf(parsed, site) : null,
            Seed = parsed.GetValue(_seed),
        };

        string[] protocols = parsed.GetValue(_protocols) ?? [];
        WanReport report = new([.. protocols.Select(OptionsOf).Select(Measure)]);
        if (parsed.GetValue(_page) is string file)
            File.WriteAllText(file, new WanPage(report).ToHtml());
        Console.WriteLine(parsed.GetValue(_json) ? report.ToJson() : report.ToText());
        return 0;
    }

    private static WideAreaReport Measure(WideAreaOptions options)
    {
        try
        {
            return WideAreaLab.Run(options);
        }
        catch (WideAreaException fault)
        {
            throw new CommandException(fault.Message);
        }
    }

    private WideAreaLoss LossOf(ParseResult parsed, int site) => new(
        site,
        TimeSpan.FromSeconds(parsed.GetValue(_loseAt) ?? parsed.GetValue(_seconds) / 3),
        parsed.GetValue(_keepClients));

    private RoundTrips RoundTripsOf(ParseResult parsed)
    {
        string file = parsed.GetValue(_rtt) ?? "";
        try
        {
            return RoundTrips.Parse(File.ReadAllText(file));
        }
        catch (RoundTripsException bad)
        {
            throw new CommandException(
                string.Join('\n', bad.Faults.Select(fault => $"{file}: {fault}")));
        }
    }

    private static int? SiteOf(RoundTrips roundTrips, string option, string? name)
    {
        if (name is null)
            return null;

        int site = roundTrips.Find(name);
        return site >= 0
            ? site
            : throw new CommandException(
                $"{option} is '{name}': use {string.Join(" or ", roundTrips.Sites)}.");
    }
}
