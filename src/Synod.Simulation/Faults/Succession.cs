using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Leaders fall one after the other: whoever leads is cut off with what it has not
/// replicated yet, the next one begins to append and is cut off too, and who was cut off for the
/// longest time is joined with the others again, so that they can elect a third. Their logs end
/// differently (figures 7 and 8 of the paper).</summary>
internal sealed class Succession(
    World world, SimulatedCluster cluster, GroupId group, SeededRandom random)
{
    private const int LeadersMax = 4;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan RejoinMax = TimeSpan.FromMilliseconds(500);

    private readonly Queue<(SimulatedNode Node, Link[] Links)> _cut = [];
    private int _left = 2 + (int)random.Below(LeadersMax - 1);
    private bool _hasEnded;

    private int CutMax => (cluster.Nodes.Count - 1) / 2;

    /// <summary>Begins it.</summary>
    public void Begin() => Look();

    /// <summary>Joins all that are cut off.</summary>
    public void End()
    {
        _hasEnded = true;
        while (_cut.Count > 0)
            Join();
    }

    // The next one reigns for a moment or for a while: from nothing that has left its disk to
    // entries that all others have.
    private void Look()
    {
        if (_hasEnded)
            return;

        if (cluster.Nodes.FirstOrDefault(IsNext) is SimulatedNode leader)
            world.Schedule.After(random.Below(Reign()), () => CutOff(leader));
        else
            world.Schedule.After(LookEvery, Look);
    }

    private bool IsNext(SimulatedNode node) =>
        node.Audit.Serves(group) && _cut.All(cut => cut.Node != node);

    private TimeSpan Reign() => TimeSpan.FromMilliseconds(2 << (2 * (int)random.Below(4)));

    private void CutOff(SimulatedNode leader)
    {
        if (_hasEnded)
            return;

        Link[] links = [.. cluster.Network.Links.Where(
            link => link.From == leader || link.To == leader)];
        bool isTold = random.Chance(3, 4);
        foreach (Link link in links)
        {
            cluster.Network.Block(link);

            // Who is cut off does not know it yet, and goes on to append.
            if (isTold && link.To == leader)
                cluster.Network.Reset(link);
        }

        if (_cut.Count > 0)
            world.Count("a leader was cut off after another");
        _cut.Enqueue((leader, links));
        if (_cut.Count > CutMax)
            Join();
        _left--;
        if (_left > 0)
            Look();
        else
            world.Schedule.After(random.Below(RejoinMax), End);
    }

    private void Join()
    {
        foreach (Link link in _cut.Dequeue().Links)
            SimulatedNetwork.Unblock(link);
    }
}
