using Synod.Kernel;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>Carries out the plan, within the fault budget: members whose disks are lost are never
/// more than the group bears.</summary>
internal sealed partial class FaultInjector(World world, SimulatedCluster cluster)
{
    private const int EffectsMax = 24;
    private const int SlownessMax = 40;
    private const long DriftMax = 100_000;
    private static readonly TimeSpan JumpMax = TimeSpan.FromSeconds(3);

    private readonly Weather _calm = Weather.Draw(world.RandomOf(Stream.Faults, 1));
    private readonly Dictionary<(FaultKind, NodeId, NodeId), Fault> _newest = [];
    private readonly List<Action> _cures = [];
    private readonly SimulatedNetwork _network = cluster.Network;
    private readonly IReadOnlyList<SimulatedNode> _nodes = cluster.Nodes;

    private bool AllowsWeather => world.Options.Faults.HasFlag(FaultClasses.Network);

    /// <summary>Lets the plan happen.</summary>
    public void Carry(FaultPlan plan)
    {
        _network.Weather = AllowsWeather ? _calm : default;
        for (int index = 0; index < plan.Faults.Count; index++)
        {
            (int number, Fault planned) = (index, plan.Faults[index]);
            world.Schedule.At(new Instant(planned.At.Ticks), () =>
            {
                Fault fault = Aim(planned);
                if (!TryHit(fault))
                    return;

                if (!IsLater(fault.Kind))
                    world.Count($"{fault.Kind}");
                world.Trace.Note(
                    TraceKind.Fault, fault.Node, number, world.Trace.HasWords ? $"{fault}" : "");
            });
        }
    }

    /// <summary>Ends all that lasts, and starts every node that can be started.</summary>
    public void Heal()
    {
        foreach (Action cure in _cures)
            cure();
        _cures.Clear();
        _network.Weather = default;
        foreach (SimulatedNode node in _nodes)
        {
            node.Switch.Disarm();
            node.Disk.Calm();
            node.CrashWhileStarting(0);
            if (node.CanStart)
                node.Start();
        }
    }

    // If it is between two nodes and the leader is the other one, they change places.
    private Fault Aim(Fault fault)
    {
        GroupId group = cluster.GroupOf(fault);
        SimulatedNode? leader =
            fault.IsAtLeader ? _nodes.LastOrDefault(node => node.Audit.Leads(group)) : null;
        if (leader is null || leader.Id == fault.Node)
            return fault;

        NodeId peer = leader.Id == fault.Peer ? fault.Node : fault.Peer;
        return fault with { Node = leader.Id, Peer = peer };
    }

    private bool TryHit(Fault fault)
    {
        SimulatedNode node = NodeOf(fault.Node);
        SeededRandom random = new(StableHash.Combine(world.Seed, (ulong)fault.Amount));
        return fault.Kind switch
        {
            FaultKind.Kill or FaultKind.PowerLoss => Crash(node, fault),
            FaultKind.Blackout => Blackout(fault),
            FaultKind.Close => Close(node, fault),
            FaultKind.CrashAtStart => CrashAtStart(node, fault),
            FaultKind.CrashAtEffect or FaultKind.RestartAtEffect => Arm(node, fault),
            FaultKind.RestartInPlace or FaultKind.CrashMachine => RestartPart(node, fault),
            FaultKind.Pause => Pause(node, fault),
            FaultKind.Starve => Starve(node, fault, random),
            FaultKind.Lull => Lull(fault),
            FaultKind.ClockDrift or FaultKind.ClockJump => Clock(node, fault, random),
            FaultKind.Storm => Storm(fault, random),
            FaultKind.Reset => Reset(fault),
            FaultKind.SlowLine => SlowLine(fault, random),
            FaultKind.Straggle => Straggle(fault, random),
            FaultKind.Gap => LeaveGap(fault, random),
            FaultKind.ClientReset => ResetClient(fault),
            FaultKind.LateCall => Recall(fault, random),
            FaultKind.Isolate => Isolate(fault),
            FaultKind.Split => Split(fault, random),
            FaultKind.CutOneWay => CutOneWay(fault),
            FaultKind.Succession => Succeed(fault, random),
            FaultKind.Dethrone => Dethrone(fault, random),
            FaultKind.SlowDisk => SlowDisk(node, fault, random),
            FaultKind.FailFlush or FaultKind.FailWrite or FaultKind.FailRead =>
                FailDisk(node, fault),
            FaultKind.FullDisk => FillDisk(node, fault),
            FaultKind.Corrupt => Corrupt(node, fault),
            FaultKind.Amnesia => Forget(node, fault, random),
            FaultKind.Misdirect => Misdirect(node),
            FaultKind.Wipe => Wipe(node, fault),
            FaultKind.Transfer => Transfer(fault, random),
            FaultKind.Retire => Retire(node, fault),
        };
    }

    // Where nobody leads any member stands for the leader.
    private SimulatedNode? Serving(NodeId id, GroupId group) =>
        NodeOf(id) is { IsRunning: true } node && node.Audit.Serves(group) ? node : null;

    private SimulatedNode NodeOf(NodeId id) => _nodes[(int)id.Number - 1];

    // These count where they happen, which may be later or never.
    private static bool IsLater(FaultKind kind) => kind is FaultKind.Kill
        or FaultKind.PowerLoss
        or FaultKind.Blackout
        or FaultKind.CrashAtEffect
        or FaultKind.CrashAtStart
        or FaultKind.RestartAtEffect
        or FaultKind.FailFlush
        or FaultKind.FailWrite
        or FaultKind.FailRead
        or FaultKind.FullDisk
        or FaultKind.Straggle
        or FaultKind.Gap
        or FaultKind.Amnesia
        or FaultKind.Misdirect
        or FaultKind.Transfer
        or FaultKind.Retire;

    private bool Crash(SimulatedNode node, Fault fault)
    {
        if (!node.IsRunning)
            return false;

        bool isPowerLoss = fault.Kind is FaultKind.PowerLoss or FaultKind.Blackout;
        void Stop()
        {
            if (fault.Kind != FaultKind.CrashAtStart)
                world.Count($"{fault.Kind}");
            node.Stop(isPowerLoss);
            StartAfter(node, fault.Duration);
        }

        if (isPowerLoss && fault.Amount % 2 == 1)
            node.Disk.Wrote = new DiskWait(fault.Amount % 4 == 1 ? 1 : 2, Stop);
        else
            Stop();
        return true;
    }

    private bool Close(SimulatedNode node, Fault fault)
    {
        if (!node.IsRunning)
            return false;

        node.Close();
        StartAfter(node, fault.Duration);
        return true;
    }

    private bool CrashAtStart(SimulatedNode node, Fault fault)
    {
        node.CrashWhileStarting(1 + (int)(fault.Amount % EffectsMax));
        return Crash(node, fault);
    }

    private bool Blackout(Fault fault)
    {
        bool hits = false;
        foreach (SimulatedNode node in _nodes)
            hits |= Crash(node, fault);
        return hits;
    }

    private static bool Arm(SimulatedNode node, Fault fault)
    {
        if (!node.IsRunning)
            return false;

        bool isInPlace = fault.Kind == FaultKind.RestartAtEffect;
        node.Switch.Arm(1 + (int)(fault.Amount % EffectsMax), isInPlace);
        return true;
    }

    private void StartAfter(SimulatedNode node, TimeSpan time) => world.Schedule.After(time, () =>
    {
        if (node.CanStart)
            node.Start();
    });

    private static bool RestartPart(SimulatedNode node, Fault fault)
    {
        if (!node.IsRunning)
            return false;

        int number = (int)(fault.Amount / 8 % node.Audit.Groups.Count);
        GroupId group = node.Audit.Groups.ElementAt(number).Group;
        if (fault.Kind == FaultKind.CrashMachine)
            return !node.IsPaused && node.CrashMachine(group);

        node.RestartInPlace(group);
        return true;
    }

    private bool Pause(SimulatedNode node, Fault fault)
    {
        if (!node.IsRunning || node.IsPaused)
            return false;

        node.Pause(true);
        Cure(fault, () =>
        {
            if (node.IsPaused)
                node.Pause(false);
        });
        return true;
    }

    // From what fills a turn with some looks to what lets each do one thing only.
    private bool Starve(SimulatedNode node, Fault fault, SeededRandom random)
    {
        if (!node.IsRunning)
            return false;

        node.LookTakesMax = TimeSpan.FromMicroseconds(600 << (int)(2 * random.Below(3)));
        Cure(fault, () => node.LookTakesMax = TimeSpan.Zero);
        return true;
    }

    private bool Clock(SimulatedNode node, Fault fault, SeededRandom random) =>
        fault.Kind == FaultKind.ClockDrift ? Drift(node, fault, random) : Jump(node, random);

    private bool Drift(SimulatedNode node, Fault fault, SeededRandom random)
    {
        if (world.Lease.AreOn)
        {
            node.Clock.Drift(NodeClock.DriftWithin(world.Lease, random));
            return true;
        }

        node.Clock.Drift(random.Below(2 * DriftMax) - DriftMax);
        Cure(fault, () => node.Clock.Drift(0));
        return true;
    }

    // With leases it is the wall clock that jumps, which nobody reads: a monotonic one may not.
    private bool Jump(SimulatedNode node, SeededRandom random)
    {
        if (world.Lease.AreOn)
            return false;

        node.Clock.Jump(random.Below(JumpMax));
        return node.IsRunning;
    }

    private bool SlowDisk(SimulatedNode node, Fault fault, SeededRandom random)
    {
        node.Disk.Slowness = 2 << (int)random.Below(10);
        Cure(fault, () => node.Disk.Slowness = 1);
        return true;
    }

    // What has left memory is read only now and then, but a replica that begins anew reads it all.
    private static bool FailDisk(SimulatedNode node, Fault fault)
    {
        if (!node.IsRunning)
            return false;

        node.Disk.Fail(fault.Kind switch
        {
            FaultKind.FailFlush => DiskJobKind.Flush,
            FaultKind.FailWrite => DiskJobKind.Write,
            _ => DiskJobKind.Read,
        });
        return fault.Kind != FaultKind.FailRead || RestartPart(node, fault);
    }

    private bool FillDisk(SimulatedNode node, Fault fault)
    {
        if (fault.Amount % 2 == 1 && _nodes.Count > 2)
        {
            Scarcity scarcity = new(world, cluster, cluster.GroupOf(fault), leader =>
            {
                leader.Stop(isPowerLoss: false);
                StartAfter(leader, fault.Duration / 8);
            });
            Once(fault, scarcity.End);
            scarcity.Begin();
            return true;
        }

        node.Disk.Fill(true);
        Cure(fault, () => node.Disk.Fill(false));
        return true;
    }

    // It ends by itself, or at the healing; only once, and not if another fault of its kind has
    // taken its place.
    private void Cure(Fault fault, Action cure)
    {
        (FaultKind, NodeId, NodeId) place = fault.Kind switch
        {
            FaultKind.Storm => (fault.Kind, default, default),
            FaultKind.SlowLine => (fault.Kind, fault.Node, fault.Peer),
            _ => (fault.Kind, fault.Node, default),
        };
        _newest[place] = fault;
        Once(fault, () =>
        {
            if (_newest[place] == fault)
                cure();
        });
    }

    private void Once(Fault fault, Action cure)
    {
        bool isCured = false;
        void End()
        {
            if (isCured)
                return;

            isCured = true;
            cure();
            string what = world.Trace.HasWords ? $"{fault.Kind}" : "";
            world.Trace.Note(TraceKind.Healed, fault.Node, 0, what);
        }

        _cures.Add(End);
        world.Schedule.After(fault.Duration, End);
    }
}
