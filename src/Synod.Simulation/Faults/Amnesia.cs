using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A member loses what counts on it. Some are cut off, so that the leader commits with
/// what this one acknowledges; then its newest frame but one is damaged while it is down, and it
/// comes back to the leader alone, or, while the leader is cut off, to those that were behind.
/// </summary>
internal sealed class Amnesia(World world, SimulatedCluster cluster, SeededRandom random)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CommitMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DownMax = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan HoldMax = TimeSpan.FromMilliseconds(900);
    private const int SlownessMax = 40;

    private readonly List<Link> _blocked = [];
    private Link? _slow;
    private bool _hasEnded;

    /// <summary>Begins it at a member that is not the leader.</summary>
    /// <param name="leader">Who leads.</param>
    /// <param name="hurt">Whose disk is damaged.</param>
    /// <param name="mayLose">Whether that is allowed.</param>
    public void Begin(SimulatedNode leader, SimulatedNode hurt, Func<SimulatedNode, bool> mayLose)
    {
        SimulatedNode[] behind = [.. cluster.Nodes
            .Where(node => node != leader && node != hurt)
            .Take((cluster.Nodes.Count - 1) / 2)];
        foreach (SimulatedNode node in behind)
            CutOff(node, isTold: false);
        if (random.Chance(1, 2) && cluster.Network.Find(hurt.Id, leader.Id) is Link slow)
        {
            _slow = slow;
            slow.Slowness = 2 + (int)random.Below(SlownessMax);
        }

        world.Schedule.After(Step + random.Below(CommitMax), () =>
        {
            if (_hasEnded || !hurt.IsRunning || !mayLose(hurt))
                End();
            else
                Hurt(leader, hurt);
        });
    }

    /// <summary>All can reach each other again.</summary>
    public void End()
    {
        _hasEnded = true;
        Join();
        if (_slow is not null)
            _slow.Slowness = 1;
        _slow = null;
    }

    private void Hurt(SimulatedNode leader, SimulatedNode hurt)
    {
        hurt.Stop(isPowerLoss: true);
        if (hurt.Disk.DamageNewest())
            world.Count(nameof(FaultKind.Amnesia));
        world.Schedule.After(random.Below(DownMax), () =>
        {
            if (hurt.CanStart)
                hurt.Start();
            if (_hasEnded)
                return;

            if (random.Chance(1, 2))
            {
                Join();
                CutOff(leader, isTold: true);
            }

            world.Schedule.After(Step + random.Below(HoldMax), End);
        });
    }

    private void CutOff(SimulatedNode node, bool isTold)
    {
        foreach (Link link in cluster.Network.Links)
        {
            if (link.From != node && link.To != node)
                continue;

            cluster.Network.Block(link);
            _blocked.Add(link);
            if (isTold && link.To == node)
                cluster.Network.Reset(link);
        }
    }

    private void Join()
    {
        foreach (Link link in _blocked)
            SimulatedNetwork.Unblock(link);
        _blocked.Clear();
    }
}
