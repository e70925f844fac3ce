using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>All that goes wrong in a run, in the order of time. It is drawn from the seed before
/// the run, so that a fault can be left out without changing the others.</summary>
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
        (FaultClasses.Pause, FaultKind.Lull, 4),
        (FaultClasses.Clock, FaultKind.ClockDrift, 4),
        (FaultClasses.Clock, FaultKind.ClockJump, 4),
        (FaultClasses.Network, FaultKind.Storm, 6),
        (FaultClasses.Network, FaultKind.Reset, 6),
        (FaultClasses.Network, FaultKind.SlowLine, 5),
        (FaultClasses.Network, FaultKind.Straggle, 6),
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
        SeededRandom random = world.RandomOf(Stream.Faults);
        (FaultClasses Class, FaultKind Kind, int Weight)[] kinds =
        [
            .. (world.Lease.AreOn ? [.. Kinds, OfLeases] : Kinds)
                .Where(kind => options.Faults.HasFlag(kind.Class)),
        ];
        List<Fault> faults = [];
        if (kinds.Length == 0)
            return Nothing;

        // Some runs are hurried, some give each fault time to show what it does.
        // Now and then the first comes while the group is being made.
        long pace = TimeSpan.FromMilliseconds(300 + random.Below(1500)).Ticks;
        TimeSpan at = new(random.Below(random.Chance(1, 3) ? TimeSpan.TicksPerSecond / 20 : pace));
        for (; at < options.Duration; at += new TimeSpan((pace / 4) + random.Below(pace * 3 / 2)))
        {
            Fault fault = DrawOne(random, options.Nodes, at, Choose(random, kinds));
            if (at.Ticks > options.Duration.Ticks / 2 || !IsForGood(fault.Kind))
                faults.Add(fault);
        }

        return new FaultPlan(faults);
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

    private static FaultKind Choose(
        SeededRandom random, (FaultClasses Class, FaultKind Kind, int Weight)[] kinds)
    {
        long ticket = random.Below(kinds.Sum(static kind => kind.Weight));
        foreach ((FaultClasses _, FaultKind kind, int weight) in kinds)
        {
            ticket -= weight;
            if (ticket < 0)
                return kind;
        }

        return kinds[^1].Kind;
    }

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
            FaultKind.Amnesia or FaultKind.Straggle => TimeSpan.FromSeconds(2),
            _ => TimeSpan.FromMilliseconds(50 << (int)random.Below(6)),
        };
        return TimeSpan.FromMilliseconds(5) + random.Below(longest);
    }
}
