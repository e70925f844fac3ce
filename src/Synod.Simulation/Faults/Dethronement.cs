using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A leader with a lease is cut off, and does not know it. Its own clock is as slow and
/// the others are as fast as their bound allows; what they answered last is late; they are cut off
/// together or one after the other, are told or not, and may begin a new life at that moment. Only
/// their promises keep them from electing another one while the lease lasts.</summary>
internal sealed class Dethronement(
    World world, SimulatedCluster cluster, GroupId group, SeededRandom random)
{
    private const int SlownessMax = 40;

    // Long enough for the leader to be answered over lines that are slow.
    private static readonly TimeSpan BeforeMax = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan StartsAfter = TimeSpan.FromMicroseconds(100);

    private readonly List<Link> _blocked = [];
    private readonly List<Link> _slow = [];
    private bool _hasEnded;

    /// <summary>Begins it, unless nobody leads.</summary>
    public bool TryBegin()
    {
        SimulatedNode? leader = cluster.Nodes.LastOrDefault(
            node => node.IsRunning && node.Audit.Leads(group));
        if (leader is null)
            return false;

        SetClocks(leader);
        SlowDownAnswers(leader);
        TimeSpan at = random.Below(BeforeMax);
        bool isTogether = random.Chance(1, 2);
        int first = (int)random.Below(cluster.Nodes.Count);
        for (int place = 0; place < cluster.Nodes.Count; place++)
        {
            SimulatedNode other = cluster.Nodes[(first + place) % cluster.Nodes.Count];
            if (other == leader || other.Audit.Groups.All(audit => audit.Group != group))
                continue;

            world.Schedule.After(at, () => CutOff(leader, other));
            at += isTogether ? TimeSpan.Zero : random.Below(world.Lease.Promise * 3 / 2);
        }

        return true;
    }

    /// <summary>Joins all that are cut off.</summary>
    public void End()
    {
        _hasEnded = true;
        foreach (Link link in _blocked)
            SimulatedNetwork.Unblock(link);
        foreach (Link link in _slow)
            link.Slowness = 1;
    }

    private void SetClocks(SimulatedNode leader)
    {
        if (!world.Options.Faults.HasFlag(FaultClasses.Clock))
            return;

        int bound = world.Lease.ClockDrift;
        foreach (SimulatedNode node in cluster.Nodes)
            node.Clock.Drift(node == leader ? -bound : bound);
    }

    private void SlowDownAnswers(SimulatedNode leader)
    {
        if (!world.Options.Faults.HasFlag(FaultClasses.Network) || random.Chance(1, 2))
            return;

        foreach (Link link in cluster.Network.Links.Where(link => link.To == leader))
        {
            link.Slowness = 2 + (int)random.Below(SlownessMax);
            _slow.Add(link);
        }
    }

    // The answers that are on their way still arrive; nothing that follows them does.
    private void CutOff(SimulatedNode leader, SimulatedNode other)
    {
        if (_hasEnded)
            return;

        Block(leader, other);
        if (cluster.Network.Find(other.Id, leader.Id) is Link answers)
        {
            TimeSpan slowest = answers.Latency * (2 * answers.Slowness);
            world.Schedule.After(slowest, () => Block(other, leader));
            if (random.Chance(3, 4))
                cluster.Network.Reset(answers);
        }

        if (random.Chance(1, 2))
            BeginNewLife(other);
    }

    private void Block(SimulatedNode from, SimulatedNode to)
    {
        if (_hasEnded || cluster.Network.Find(from.Id, to.Id) is not Link link)
            return;

        cluster.Network.Block(link);
        _blocked.Add(link);
    }

    private void BeginNewLife(SimulatedNode node)
    {
        if (!node.IsRunning || node.IsRetiring)
            return;

        if (random.Chance(1, 2) && world.Options.Faults.HasFlag(FaultClasses.Restart))
        {
            node.RestartInPlace(group);
        }
        else if (world.Options.Faults.HasFlag(FaultClasses.Crash))
        {
            node.Stop(isPowerLoss: false);
            world.Schedule.After(StartsAfter, () =>
            {
                if (node.CanStart)
                    node.Start();
            });
        }
    }
}
