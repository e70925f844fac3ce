using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>No file fits on the disks of those that follow any more. They take what the leader
/// proposes until they have hardly room left for votes; then its process dies, and soon after that
/// of the next leader: what was under way is to be proposed again by members, and to members, whose
/// disks are full.</summary>
internal sealed class Scarcity(
    World world, SimulatedCluster cluster, GroupId group, Action<SimulatedNode> kill)
{
    private const int LeadersMax = 2;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan EndsAfter = TimeSpan.FromMilliseconds(500);

    private int _left = LeadersMax;
    private bool _hasEnded;

    /// <summary>Begins it.</summary>
    public void Begin()
    {
        foreach (SimulatedNode node in cluster.Nodes)
            node.Disk.Fill(!node.Audit.Leads(group));
        if (world.Options.Faults.HasFlag(FaultClasses.Crash))
            Look();
    }

    /// <summary>There is room again.</summary>
    public void End()
    {
        if (_hasEnded)
            return;

        _hasEnded = true;
        foreach (SimulatedNode node in cluster.Nodes)
            node.Disk.Fill(false);
    }

    private void Look()
    {
        if (_hasEnded || _left == 0)
            return;

        if (cluster.Nodes.FirstOrDefault(IsNext) is SimulatedNode leader)
        {
            _left--;
            world.Count("a leader died where disks are full");
            kill(leader);
            if (_left == 0)
                world.Schedule.After(EndsAfter, End);
        }

        world.Schedule.After(LookEvery, Look);
    }

    // Half of the others: those and no fewer are needed by whoever leads next.
    private bool IsNext(SimulatedNode node) =>
        node.IsRunning
        && node.Audit.Leads(group)
        && cluster.Nodes.Count(other => other != node && other.IsFull) * 2
            >= cluster.Nodes.Count - 1;
}
