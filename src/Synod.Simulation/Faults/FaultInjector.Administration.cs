using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <content>What those who run the cluster do, at the wrong time.</content>
internal sealed partial class FaultInjector
{
    // Long enough for some transfers to be over, and for some to be under way.
    private static readonly TimeSpan SecondThoughtMax = TimeSpan.FromMilliseconds(40);

    private bool Transfer(Fault fault, SeededRandom random)
    {
        bool chooses = random.Chance(1, 4);
        Order(new TransferRequest(chooses ? null : fault.Peer, IsCancel: false));
        TimeSpan soon = random.Below(SecondThoughtMax);
        if (fault.Amount % 3 == 1)
            world.Schedule.After(soon, () => Order(new TransferRequest(fault.Node, false)));
        else if (fault.Amount % 3 == 2)
            world.Schedule.After(soon, () => Order(new TransferRequest(null, IsCancel: true)));
        return _nodes.Any(static node => node.IsRunning);
    }

    private bool Lull(Fault fault)
    {
        world.LullEnds = world.Now + fault.Duration;
        bool isOfAll = fault.Amount % 2 == 0;
        GroupId group = cluster.GroupOf(fault);
        foreach (Caller caller in cluster.Callers.Where(one => isOfAll || one.Group == group))
            caller.RestUntil(world.Now + fault.Duration);
        return true;
    }

    // Whoever does not lead says so.
    private void Order(TransferRequest request)
    {
        foreach (SimulatedNode node in _nodes.Where(static node => node.IsRunning))
            node.Order(request);
    }

    private bool Retire(SimulatedNode node, Fault fault)
    {
        if (!node.IsRunning || node.IsPaused || node.IsRetiring)
            return false;

        node.Retire(() => StartAfter(node, fault.Duration));
        return true;
    }
}
