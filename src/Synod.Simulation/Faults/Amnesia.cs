using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A member loses what counts on it. Some are cut off, so that the leader commits with
/// what this one acknowledges, or its last answers are held on their way; then its newest frame but
/// one is damaged while it is down, or its newest statement with all copies, and it comes back to
/// the leader alone, or, while the leader is cut off, to those that were behind. What was held
/// arrives then.</summary>
internal sealed class Amnesia(World world, SimulatedCluster cluster, SeededRandom random)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CommitMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DownMax = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan HoldMax = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan HeldMax = TimeSpan.FromMilliseconds(200);
    private const int SlownessMax = 40;

    private readonly List<Link> _blocked = [];
    private Link? _slow;
    private Link? _held;
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
        Link? answers = cluster.Network.Find(hurt.Id, leader.Id);
        if (random.Chance(1, 2) && answers is not null)
        {
            _slow = answers;
            answers.Slowness = 2 + (int)random.Below(SlownessMax);
        }
        else if (random.Chance(2, 3) && answers is { Held: null })
        {
            _held = answers;
            SimulatedNetwork.Hold(answers, isCopied: false);
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
        LetGo();
    }

    private void Hurt(SimulatedNode leader, SimulatedNode hurt)
    {
        IReadOnlyList<Action> held = _held is null ? [] : SimulatedNetwork.TakeHeld(_held);
        _held = null;
        hurt.Stop(isPowerLoss: true);
        bool isMute = random.Chance(1, 3) && hurt.Disk.DamageStatement();
        if (isMute || hurt.Disk.DamageNewest())
            world.Count(nameof(FaultKind.Amnesia));

        // When the new life has spoken, in most cases.
        world.Schedule.After(
            DownMax + random.Below(HeldMax), () => cluster.Network.LetGo(held));
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

    private void LetGo()
    {
        if (_held is not null)
            cluster.Network.LetGo(SimulatedNetwork.TakeHeld(_held));
        _held = null;
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
