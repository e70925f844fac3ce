using Synod.Kernel;

namespace Synod.Simulation;

/// <content>What happens to frames on their way.</content>
internal sealed partial class FaultInjector
{
    private static readonly TimeSpan StraggleMin = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan StraggleMax = TimeSpan.FromMilliseconds(60);

    private bool Storm(Fault fault, SeededRandom random)
    {
        _network.Weather = Weather.Storm(random);
        Cure(fault, () => _network.Weather = _calm);
        return true;
    }

    private bool Reset(Fault fault)
    {
        if (_network.Find(fault.Node, fault.Peer) is not { IsUp: true } link)
            return false;

        _network.Reset(link);
        return true;
    }

    private bool ResetClient(Fault fault)
    {
        int client = (int)(fault.Amount % cluster.Clients.Count);
        return _network.BreakClient(cluster.Clients[client], fault.Node);
    }

    private bool SlowLine(Fault fault, SeededRandom random)
    {
        if (_network.Find(fault.Node, fault.Peer) is not Link link)
            return false;

        link.Slowness = 2 + (int)random.Below(SlownessMax);
        Cure(fault, () => link.Slowness = 1);
        return true;
    }

    // Long after: terms and lives have passed.
    private bool Straggle(Fault fault, SeededRandom random)
    {
        if (_network.Find(fault.Node, fault.Peer) is not { Held: null } link)
            return false;

        SimulatedNetwork.Hold(link, isCopied: fault.Amount % 2 == 1);
        world.Schedule.After(StraggleMin + random.Below(StraggleMax), () =>
        {
            IReadOnlyList<Action> held = SimulatedNetwork.TakeHeld(link);
            if (held.Count > 0)
                world.Count(nameof(FaultKind.Straggle));
            world.Schedule.After(fault.Duration, () => _network.LetGo(held));
        });
        return true;
    }

    private bool LeaveGap(Fault fault, SeededRandom random)
    {
        GroupId group = cluster.GroupOf(fault);
        SimulatedNode? leader = _nodes.LastOrDefault(node => node.Audit.Leads(group))
            ?? Serving(fault.Node, group);
        Link[] links = [.. _network.Links.Where(link => link.From == leader && link.IsUp)];
        if (leader is null || links.Length == 0 || links.Any(static link => link.Loses is not null))
            return false;

        bool dies = world.Options.Faults.HasFlag(FaultClasses.Crash) && random.Chance(2, 3);
        LostFrame lost = new(world, leader.Audit[group], links, random)
        {
            Then = () =>
            {
                world.Count(nameof(FaultKind.Gap));
                if (dies)
                    Crash(leader, fault with { Kind = FaultKind.Kill });
                else
                    Block(fault, _network.Links.Where(link => link.From == leader));
            },
        };
        Once(fault, lost.End);
        return true;
    }

    private bool Recall(Fault fault, SeededRandom random)
    {
        SimulatedClient client = cluster.Clients[(int)(fault.Amount % cluster.Clients.Count)];
        return _network.Recall(client, NodeOf(fault.Node), random);
    }
}
