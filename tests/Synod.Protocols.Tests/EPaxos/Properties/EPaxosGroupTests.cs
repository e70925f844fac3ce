using Synod.EPaxos;
using Synod.Kernel;
using Synod.Protocols.Tests.Groups.Properties;

namespace Synod.Protocols.Tests.EPaxos.Properties;

/// <summary>Whole groups of real kernels under random schedules; see
/// <see cref="ScheduleRuns"/>. All commands conflict, so all members execute them in one
/// order.</summary>
public class EPaxosGroupTests
{
    // A schedule costs three times as much as one of a protocol with a leader.
    private const int SeedsByDefault = 100;

    private static readonly ScheduleRuns Universal = new(
        static (members, limits) => NewSetup(members, limits),
        typeof(EPaxosGroupTests),
        SeedsByDefault);

    private static readonly ScheduleRuns Keyed = new(
        static (members, limits) => NewSetup(members, limits) with { IsKeyed = true },
        typeof(EPaxosGroupTests),
        SeedsByDefault);

    private static readonly ScheduleRuns Truncating = new(
        static (members, limits) => NewSetup(members, limits) with
        {
            IsKeyed = limits.AheadMax % 2 == 0,
            TakesSnapshots = true,
        },
        typeof(EPaxosGroupTests),
        SeedsByDefault / 2);

    [Fact]
    [Rule(EPaxosRules.CommittedStays)]
    [Rule(EPaxosRules.CyclesByOwnerAndSlot)]
    [Rule(EPaxosRules.FastQuorum)]
    public void A_group_keeps_every_promise_under_any_schedule() =>
        Universal.RunSeeds(damages: false);

    [Fact]
    [Rule(EPaxosRules.GatherRead)]
    public void A_group_with_reads_of_a_key_keeps_every_promise_under_any_schedule() =>
        Keyed.RunSeeds(damages: false);

    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void A_group_that_truncates_keeps_every_promise_under_any_schedule() =>
        Truncating.RunSeeds(damages: false);

    [Fact]
    [Feature("C05")]
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void A_group_keeps_every_promise_with_any_number_of_damaged_disks() =>
        Keyed.RunSeeds(damages: true);

    private static EPaxosSetup NewSetup(int members, GroupLimits limits) => new(members)
    {
        Options = new EPaxosOptions
        {
            ResendAfter = TimeSpan.FromMilliseconds(20 + limits.AheadMax),
            RecoverAfter = TimeSpan.FromMilliseconds(20 + (4 * limits.AheadMax)),
            KeyWindow = 1 + (limits.PerMessageMax % 4),
            SlotBlock = limits.InFlightMessagesMax,
            UnexecutedBytesMax = limits.UncommittedBytesMax,
            FetchBytesMax = limits.BytesPerMessageMax,
            IsThrifty = limits.ForwardsProposals,
        },
    };
}
