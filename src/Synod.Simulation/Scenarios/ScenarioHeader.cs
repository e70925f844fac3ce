using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The first command of a scenario: the group it is about.</summary>
internal sealed record ScenarioHeader(GroupSetup Setup, bool SettlesByHand)
{
    public const string Name = "nodes";

    public const string Usage =
        "nodes COUNT protocol NAME [seed NUMBER] [watched] [lease TIME] [settle manual]";

    public static ScenarioHeader Parse(ScenarioWords words, IReadOnlyList<IProtocol> protocols)
    {
        words.Require(Name);
        int count = (int)words.Number("COUNT", 1, MemberSet.MembersMax);
        words.Require("protocol");
        IProtocol protocol = words.OneOf(
            "NAME", [.. protocols.Select(static known => (known.Name, known))]);
        ulong seed = words.Take("seed") ? (ulong)words.Number("NUMBER", 0, long.MaxValue) : 1;
        bool isWatched = words.Take("watched");
        LeaseTerms lease = words.Take("lease") ? ParseLease(words) : LeaseTerms.Off;
        bool isManual = words.Take("settle");
        if (isManual)
            words.Require("manual");
        words.End();
        GroupSetup setup = new(protocol, count, seed, lease) { IsWatched = isWatched };
        return new ScenarioHeader(setup, isManual);
    }

    // All clocks of a scenario are one, so that a lease lasts as long as the promise.
    private static LeaseTerms ParseLease(ScenarioWords words)
    {
        TimeSpan promise = words.Time();
        LeaseTerms terms = new() { Promise = promise, ClockDrift = 0, Margin = TimeSpan.Zero };
        try
        {
            terms.Validate();
        }
        catch (ArgumentException fault)
        {
            throw new ScenarioFault(fault.Message);
        }

        return terms;
    }
}
