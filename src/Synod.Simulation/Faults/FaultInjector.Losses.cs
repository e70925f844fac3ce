using Synod.Kernel;

namespace Synod.Simulation;

/// <content>What was durable is lost, within the budget.</content>
internal sealed partial class FaultInjector
{
    private bool Corrupt(SimulatedNode node, Fault fault)
    {
        if (!MayLose(node) || !node.IsRunning)
            return false;

        node.Stop(isPowerLoss: true);
        StartAfter(node, fault.Duration);
        return node.Disk.Damage();
    }

    private bool Misdirect(SimulatedNode node)
    {
        if (!MayLose(node) || !node.IsRunning)
            return false;

        node.Disk.MisdirectNext();
        return true;
    }

    private bool Wipe(SimulatedNode node, Fault fault)
    {
        if (!MayLose(node))
            return false;

        node.Wipe();
        StartAfter(node, fault.Duration);
        return true;
    }

    // Before the group is made, who loses a disk is nobody yet, and the group would never be made.
    private bool MayLose(SimulatedNode node) => !node.IsLost
        && cluster.Groups
            .Where(group => group.Nodes.Contains(node.Id))
            .All(group => group.IsComplete && MayLoseOneOf(group, node));

    private bool MayLoseOneOf(ClusterAudit group, SimulatedNode node) =>
        group.Nodes.Count(other => other != node.Id && IsLost(NodeOf(other)))
            < (group.Nodes.Count - 1) / 2;

    private static bool IsLost(SimulatedNode node) => node.IsLost || node.Disk.IsEndangered;

    private bool Forget(SimulatedNode node, Fault fault, SeededRandom random)
    {
        GroupId group = cluster.GroupOf(fault);
        SimulatedNode? leader = _nodes.FirstOrDefault(one => one.Audit.Leads(group))
            ?? Serving(fault.Peer, group);
        SimulatedNode hurt = node == leader ? NodeOf(fault.Peer) : node;
        if (_nodes.Count < 3 || leader is null || !MayLose(hurt))
            return false;

        Amnesia amnesia = new(world, cluster, random);
        Once(fault, amnesia.End);
        amnesia.Begin(leader, hurt, MayLose);
        return true;
    }
}
