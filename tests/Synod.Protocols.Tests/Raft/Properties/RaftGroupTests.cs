using Synod.Kernel;
using Synod.Protocols.Tests.Groups.Properties;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Properties;

/// <summary>Whole groups of real kernels under random schedules; see
/// <see cref="ScheduleRuns"/>.</summary>
public class RaftGroupTests
{
    private static readonly ScheduleRuns Runs = new(NewSetup, typeof(RaftGroupTests));

    [Fact]
    [Rule(RaftRules.ElectionSafety)]
    [Rule(RaftRules.LogMatching)]
    [Rule(RaftRules.CommittedStays)]
    public void A_group_keeps_every_promise_under_any_schedule() => Runs.RunSeeds(damages: false);

    [Fact]
    [Feature("C05")]
    [Rule(RaftRules.RepairCoversAll)]
    [Rule(RaftRules.DamagedIsNotCounted)]
    [Rule(RaftRules.DamagedVotesByWhatItHad)]
    public void A_group_keeps_every_promise_with_any_number_of_damaged_disks() =>
        Runs.RunSeeds(damages: true);

    // A number of a damage went down, and the member was not heard any more.
    [Theory]
    [InlineData(681)]
    [Rule(RaftRules.DamagedIsNotCounted)]
    public void A_group_with_damaged_disks_serves_again(ulong seed) =>
        Runs.RunSeed(seed, damages: true);

    private static RaftSetup NewSetup(int members, GroupLimits limits) => new(members)
    {
        Options = new RaftOptions
        {
            EntriesPerMessageMax = limits.PerMessageMax,
            BytesPerMessageMax = limits.BytesPerMessageMax,
            InFlightMessagesMax = limits.InFlightMessagesMax,
            InFlightBytesMax = limits.InFlightBytesMax,
            UncommittedBytesMax = limits.UncommittedBytesMax,
            ForwardsProposals = limits.ForwardsProposals,
        },
    };
}
