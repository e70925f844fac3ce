using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What a commit takes where computing and flushing take no time and every way takes half
/// of the round trip.</summary>
public static class WideAreaFormulas
{
    /// <summary>Under a leader: to the leader and back, and its round to the nearest majority.
    /// </summary>
    public static TimeSpan LeaderCommit(RoundTrips roundTrips, int leader, int site)
    {
        ArgumentNullException.ThrowIfNull(roundTrips);
        int others = new Quorums(roundTrips.Sites.Count).Majority - 1;
        return roundTrips.Between(site, leader) + roundTrips.ToNearest(leader, others);
    }

    /// <summary>EPaxos, where no command conflicts: a round of the site itself to the nearest fast
    /// quorum.</summary>
    public static TimeSpan FastCommit(RoundTrips roundTrips, int site)
    {
        ArgumentNullException.ThrowIfNull(roundTrips);
        return OwnRound(roundTrips, site) + roundTrips.ToNearest(site, FastOthers(roundTrips));
    }

    /// <summary>EPaxos, where commands conflict: another round, to the nearest slow
    /// quorum.</summary>
    public static TimeSpan SlowCommit(RoundTrips roundTrips, int site)
    {
        ArgumentNullException.ThrowIfNull(roundTrips);
        int others = new Quorums(roundTrips.Sites.Count).Slow - 1;
        return FastCommit(roundTrips, site) + roundTrips.ToNearest(site, others);
    }

    private static TimeSpan OwnRound(RoundTrips roundTrips, int site) =>
        roundTrips.Between(site, site);

    private static int FastOthers(RoundTrips roundTrips) =>
        new Quorums(roundTrips.Sites.Count).Fast - 1;
}
