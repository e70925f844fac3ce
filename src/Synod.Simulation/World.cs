using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>What all parts of a run share.</summary>
internal sealed class World
{
    private const int KeysMax = 32;

    public World(SimulationOptions options, ulong seed, ITraceSink? sink)
    {
        Options = options;
        Seed = seed;
        Trace = new Trace(Schedule, sink);
        Protocol = options.VariesKnobs
            ? options.Protocol.Vary(RandomOf(Stream.Knobs))
            : options.Protocol;
        Lease = DrawLease(options.Leases, RandomOf(Stream.Lease));
        Watching = DrawWatching(RandomOf(Stream.Telling));
        Workload = options.VariesKnobs
            ? DrawKeys(options.Workload, RandomOf(Stream.Keys))
            : options.Workload;
        if (options.VariesKnobs && Protocol.OrdersByConflict && HasKeysOfItsOwn(options))
            Shared = DrawShared(RandomOf(Stream.Conflicts));
        if (Shared is not null)
            Workload = options.Workload.Over(1);
    }

    public SimulationOptions Options { get; }

    public ulong Seed { get; }

    /// <summary>The protocol, with the knobs of this seed.</summary>
    public IProtocol Protocol { get; }

    /// <summary>On what terms leaders have leases in this run.</summary>
    public LeaseTerms Lease { get; }

    /// <summary>What clients do in this run.</summary>
    public Workload Workload { get; }

    /// <summary>Of a hundred calls so many are on one key that all share, the others each on a key
    /// of whoever calls; null if they meet on a few keys as it comes.</summary>
    public int? Shared { get; }

    /// <summary>What was drawn that a sweep should have in every setting, in words.</summary>
    public IReadOnlyList<string> Knobs => Protocol.OrdersByConflict
        ? [.. Protocol.Settings, ConflictsInWords]
        : Protocol.Settings;

    /// <summary>What it may cost to tell those who watch, in this run.</summary>
    public WatchLimits Watching { get; }

    public Schedule Schedule { get; } = new();

    public Trace Trace { get; }

    public Instant Now => Schedule.Now;

    /// <summary>The first promise that was not kept; null if all were.</summary>
    public string? Violation { get; private set; }

    /// <summary>What went wrong and took effect, and what came of it, by name.</summary>
    public SortedDictionary<string, long> Effects { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether anything of the plan took effect.</summary>
    public bool IsHit { get; private set; }

    private string ConflictsInWords => Shared switch
    {
        null => "conflicts as it comes",
        0 => "conflicts 0 %",
        100 => "conflicts 100 %",
        _ => "conflicts 1 to 99 %",
    };

    /// <summary>Something took effect.</summary>
    public void Count(string effect)
    {
        IsHit = true;
        CountUsual(effect);
    }

    /// <summary>Something happened that happens where nothing goes wrong, too.</summary>
    public void CountUsual(string what) => Effects[what] = Effects.GetValueOrDefault(what) + 1;

    /// <summary>Until then some clients want nothing.</summary>
    public Instant LullEnds { get; set; }

    /// <summary>A replica waits for no time at all, as it should when nobody wants
    /// anything.</summary>
    public void RestsNow()
    {
        if (Now < LullEnds)
            Count("a replica rests in a lull");
    }

    /// <summary>A promise was not kept. It is noted, because whoever is told may be within code
    /// that takes every exception for a failure of the user's machine.</summary>
    public SimulationViolationException Violated(string message)
    {
        Violation ??= message;
        return new SimulationViolationException(message);
    }

    // In half of the runs so little that two who watch a key are not told in one turn, and a second
    // change comes while the first one waits.
    private static WatchLimits DrawWatching(SeededRandom random) => random.Chance(1, 2)
        ? new WatchLimits()
        : new WatchLimits
        {
            TurnBytesMax = 1 + random.Below(200),
            WaitingBytesMax = 1 + random.Below(400),
            WaitingChangesMax = 1 + (int)random.Below(3),
        };

    // In a quarter of the runs all calls meet on one key, in another hardly any two do.
    private static Workload DrawKeys(Workload workload, SeededRandom random) =>
        random.Below(4) switch
        {
            0 => workload.Over(1),
            1 => workload.Over(KeysMax),
            _ => workload,
        };

    private static int? DrawShared(SeededRandom random) => random.Below(4) switch
    {
        0 => 0,
        1 => 100,
        2 => 1 + (int)random.Below(99),
        _ => null,
    };

    // Whether a call is the same on whichever key.
    private static bool HasKeysOfItsOwn(SimulationOptions options)
    {
        Workload one = options.Workload.Over(1);
        return one != options.Workload
            && !options.IsWhole
            && one.Last().All(static call => call.Steps is null);
    }

    // Promises below, at and above the election timeout; bounds that clocks make full use of.
    private static LeaseTerms DrawLease(LeaseUse use, SeededRandom random)
    {
        bool isOn = random.Chance(1, 3);
        if (use == LeaseUse.Never || (use == LeaseUse.Sometimes && !isOn))
            return LeaseTerms.Off;

        return new LeaseTerms
        {
            Promise = TimeSpan.FromMilliseconds(100 * (1 + random.Below(6))),
            ClockDrift = 20_000 << (int)random.Below(4),
            Margin = TimeSpan.FromMicroseconds(random.Chance(1, 2) ? 1 : 5000),
        };
    }

    /// <summary>A source of randomness of its own for each part, so that a part that draws more or
    /// less leaves the others as they are.</summary>
    public SeededRandom RandomOf(Stream stream, long number = 0) =>
        new(StableHash.Combine(StableHash.Combine(Seed, (ulong)stream), unchecked((ulong)number)));
}
