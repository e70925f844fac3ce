using System.CommandLine;
using Synod.Kernel;

namespace Synod.Cli;

/// <summary><c>--lease</c> and <c>--clock-drift</c>: the terms of leases of a new group.</summary>
internal sealed class LeaseOptions
{
    private readonly Option<double> _promise = new("--lease")
    {
        Description = "For how many seconds a node that has heard the leader votes for nobody "
            + "else, so that the leader may answer reads without asking. 0 is off. Rests on "
            + "clocks; the same on every node.",
        CustomParser = Allowed.Between(0.0, 3600.0),
        DefaultValueFactory = static _ => 0,
    };

    private readonly Option<int> _drift = new("--clock-drift")
    {
        Description = "By how many millionths any clock may be too fast or too slow, for --lease.",
        CustomParser = Allowed.Between(0, 500_000),
        DefaultValueFactory = static _ => LeaseTerms.Off.ClockDrift,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_promise);
        command.Options.Add(_drift);
    }

    public LeaseTerms In(ParseResult parsed) => new()
    {
        Promise = TimeSpan.FromSeconds(parsed.GetValue(_promise)),
        ClockDrift = parsed.GetValue(_drift),
    };
}
