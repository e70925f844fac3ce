using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups.Properties;

namespace Synod.Protocols.Tests.MultiPaxos.Properties;

/// <summary>Whole groups of real kernels under random schedules; see
/// <see cref="ScheduleRuns"/>.</summary>
public class MultiPaxosGroupTests
{
    private static readonly ScheduleRuns Runs = new(NewSetup, typeof(MultiPaxosGroupTests));

    [Fact]
    [Rule(MultiPaxosRules.ChosenStays)]
    [Rule(MultiPaxosRules.AppliedInOrder)]
    [Rule(MultiPaxosRules.MajorityChooses)]
    public void A_group_keeps_every_promise_under_any_schedule() => Runs.RunSeeds(damages: false);

    [Fact]
    [Feature("C05")]
    [Rule(MultiPaxosRules.RepairCoversAll)]
    [Rule(MultiPaxosRules.DamagedIsNotCounted)]
    [Rule(MultiPaxosRules.UnknownIsNotNothing)]
    public void A_group_keeps_every_promise_with_any_number_of_damaged_disks() =>
        Runs.RunSeeds(damages: true);

    private static MultiPaxosSetup NewSetup(int members, GroupLimits limits) => new(members)
    {
        Options = new MultiPaxosOptions
        {
            SlotsPerMessageMax = limits.PerMessageMax,
            BytesPerMessageMax = limits.BytesPerMessageMax,
            InFlightMessagesMax = limits.InFlightMessagesMax,
            InFlightBytesMax = limits.InFlightBytesMax,
            UncommittedBytesMax = limits.UncommittedBytesMax,
            ForwardsProposals = limits.ForwardsProposals,
            SlotsAheadMax = limits.AheadMax,
        },
    };
}
