using System.Text;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>All that goes wrong in a run, in the order of time. It is drawn from the seed before
/// the run, so that a fault can be left out without changing the others; and each kind by
/// itself, so that a new kind leaves the others where they were.</summary>
/// <param name="Faults">The faults.</param>
public sealed record FaultPlan(IReadOnlyList<Fault> Faults)
{
    private static readonly (FaultClasses Class, FaultKind Kind, int Weight)[] Kinds =
    [
        (FaultClasses.Crash, FaultKind.Kill, 10),
        (FaultClasses.Crash, FaultKind.PowerLoss, 10),
        (FaultClasses.Crash, FaultKind.Blackout, 3),
        (FaultClasses.Crash, FaultKind.CrashAtEffect, 14),
        (FaultClasses.Crash, FaultKind.Close, 5),
        (FaultClasses.Crash, FaultKind.CrashAtStart, 5),
        (FaultClasses.Restart, FaultKind.RestartInPlace, 4),
        (FaultClasses.Restart, FaultKind.RestartAtEffect, 8),
        (FaultClasses.Restart, FaultKind.CrashMachine, 6),
        (FaultClasses.Pause, FaultKind.Pause, 8),
        (FaultClasses.Pause, FaultKind.Starve, 6),
        (FaultClasses.Pause, FaultKind.Lull, 4),
        (FaultClasses.Clock, FaultKind.ClockDrift, 4),
        (FaultClasses.Clock, FaultKind.ClockJump, 4),
        (FaultClasses.Network, FaultKind.Storm, 6),
        (FaultClasses.Network, FaultKind.Reset, 6),
        (FaultClasses.Network, FaultKind.SlowLine, 5),
        (FaultClasses.Network, FaultKind.Straggle, 6),
        (FaultClasses.Network, FaultKind.Gap, 8),
        (FaultClasses.Network, FaultKind.ClientReset, 6),
        (FaultClasses.Network, FaultKind.LateCall, 4),
        (FaultClasses.Partition, FaultKind.Isolate, 10),
        (FaultClasses.Partition, FaultKind.Split, 5),
        (FaultClasses.Partition, FaultKind.CutOneWay, 8),
        (FaultClasses.Partition, FaultKind.Succession, 6),
        (FaultClasses.Disk, FaultKind.SlowDisk, 6),
        (FaultClasses.Disk, FaultKind.FailFlush, 4),
        (FaultClasses.Disk, FaultKind.FailWrite, 2),
        (FaultClasses.Disk, FaultKind.FailRead, 2),
        (FaultClasses.Full, FaultKind.FullDisk, 4),
        (FaultClasses.Damage, FaultKind.Corrupt, 4),
        (FaultClasses.Damage, FaultKind.Amnesia, 6),
        (FaultClasses.Damage, FaultKind.Misdirect, 4),
        (FaultClasses.Wipe, FaultKind.Wipe, 2),
        (FaultClasses.Transfer, FaultKind.Transfer, 10),
        (FaultClasses.Transfer, FaultKind.Retire, 8),
    ];

    // A little more than all the weights come to: faults that are drawn by themselves come in
    // heaps now and then.
    private const int WeightOfAll = 225;

    // Often, since only few runs have leases.
    private static readonly (FaultClasses Class, FaultKind Kind, int Weight) OfLeases =
        (FaultClasses.Partition, FaultKind.Dethrone, 30);

    /// <summary>A plan without faults.</summary>
    public static FaultPlan Nothing { get; } = new([]);

    /// <summary>The plan of a seed.</summary>
    public static FaultPlan Draw(SimulationOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        World world = new(options, seed, null);
        (FaultClasses Class, FaultKind Kind, int Weight)[] kinds =
        [
            .. (world.Lease.AreOn ? [.. Kinds, OfLeases] : Kinds)
                .Where(kind => options.Faults.HasFlag(kind.Class)),
        ];

        // Some runs are hurried, some give each fault time to show what it does.
        SeededRandom random = world.RandomOf(Stream.Faults);
        long pace = TimeSpan.FromMilliseconds(300 + random.Below(1500)).Ticks;
        long whole = WholeOf(options.Faults, kinds);
        List<Fault> faults =
        [
            .. kinds
                .SelectMany(kind => DrawAll(world, kind.Kind, pace * whole / kind.Weight))
                .OrderBy(static fault => fault.At),
        ];

        // Now and then the first comes while the group is being made.
        if (random.Chance(1, 3) && faults.Count > 0 && !IsForGood(faults[0].Kind))
            faults[0] = faults[0] with { At = random.Below(TimeSpan.FromMilliseconds(50)) };
        return new FaultPlan([.. faults.OrderBy(static fault => fault.At)]);
    }

    /// <summary>The same plan without some of its faults.</summary>
    public FaultPlan Without(int start, int count) =>
        new([.. Faults.Take(start), .. Faults.Skip(start + count)]);

    // A member that has lost its disk stays away for the rest of the run: half of it is without.
    private static bool IsForGood(FaultKind kind) =>
        kind is FaultKind.Corrupt
        or FaultKind.Amnesia
        or FaultKind.Misdirect
        or FaultKind.Wipe;

    // Where little is allowed, that is as frequent as everything is elsewhere. The sum of all is
    // not used, because it would change with a new kind.
    private static long WholeOf(
        FaultClasses allowed, (FaultClasses Class, FaultKind Kind, int Weight)[] kinds)
    {
        long ofLeases = kinds.Contains(OfLeases) ? OfLeases.Weight : 0;
        return allowed == FaultClasses.All
            ? WeightOfAll + ofLeases
            : kinds.Sum(static kind => kind.Weight);
    }

    private static List<Fault> DrawAll(World world, FaultKind kind, long pace)
    {
        ulong name = StableHash.Of(Encoding.UTF8.GetBytes($"{kind}"));
        SeededRandom random = world.RandomOf(Stream.FaultsOfKind, unchecked((long)name));
        TimeSpan duration = world.Options.Duration;
        List<Fault> faults = [];
        for (TimeSpan at = new(random.Below(pace)); at < duration; at += Pause(random, pace))
        {
            Fault fault = DrawOne(random, world.Options.Nodes, at, kind);
            if (at.Ticks > duration.Ticks / 2 || !IsForGood(kind))
                faults.Add(fault);
        }

        return faults;
    }

    private static TimeSpan Pause(SeededRandom random, long pace) =>
        new((pace / 4) + random.Below(pace * 3 / 2));

    private static Fault DrawOne(SeededRandom random, int nodes, TimeSpan at, FaultKind kind)
    {
        long node = random.Below(nodes);
        long peer = nodes == 1 ? node : (node + 1 + random.Below(nodes - 1)) % nodes;
        return new Fault
        {
            At = at,
            Kind = kind,
            Node = new NodeId((uint)node + 1),
            IsAtLeader = random.Chance(1, 3),
            Peer = new NodeId((uint)peer + 1),
            Duration = DurationOf(random, kind),
            Amount = random.Below(1L << 30),
        };
    }

    // Short ones and long ones: below, around and above an election timeout.
    private static TimeSpan DurationOf(SeededRandom random, FaultKind kind)
    {
        TimeSpan longest = kind switch
        {
            FaultKind.ClockDrift => TimeSpan.FromSeconds(5),
            FaultKind.FullDisk => TimeSpan.FromSeconds(4),
            FaultKind.Blackout => TimeSpan.FromMilliseconds(300),
            FaultKind.Succession or FaultKind.Dethrone => TimeSpan.FromSeconds(4),
            FaultKind.Amnesia or FaultKind.Straggle or FaultKind.Gap =>
                TimeSpan.FromSeconds(2),
            _ => TimeSpan.FromMilliseconds(50 << (int)random.Below(6)),
        };
        return TimeSpan.FromMilliseconds(5) + random.Below(longest);
    }
}
