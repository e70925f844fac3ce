using Synod.Kernel;
using Synod.Protocols.Tests.Groups.Properties;
using Synod.Register;

namespace Synod.Protocols.Tests.Register.Properties;

/// <summary>Whole groups of real kernels under random schedules; see
/// <see cref="ScheduleRuns"/>. All commands are on one key, whose state lists them: what is learned
/// anywhere must be one chain.</summary>
public class RegisterGroupTests
{
    private static readonly ScheduleRuns Runs = new(
        static (members, limits) => NewSetup(members, limits), typeof(RegisterGroupTests));

    [Fact]
    [Rule(RegisterRules.ChosenInOneBallot)]
    [Rule(RegisterRules.HighestVoteIsState)]
    [Rule(RegisterRules.PassiveRead)]
    [Rule(RegisterRules.RivalsGiveWay)]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void A_group_keeps_every_promise_under_any_schedule() =>
        Runs.RunSeeds(damages: false);

    [Fact]
    [Feature("C05")]
    [Rule(RegisterRules.DamagedIsSilent)]
    public void A_group_keeps_every_promise_with_any_number_of_damaged_disks() =>
        Runs.RunSeeds(damages: true);

    private static RegisterSetup NewSetup(int members, GroupLimits limits) => new(members)
    {
        Options = new RegisterOptions
        {
            ResendAfter = TimeSpan.FromMilliseconds(20 + limits.AheadMax),
            RetryDelay = TimeSpan.FromMilliseconds(1 + (limits.PerMessageMax % 8)),
            ReadTries = 1 + (limits.PerMessageMax % 3),
            RoundBlock = limits.InFlightMessagesMax,
            CommandsPerBallot = limits.PerMessageMax,
            FrameBytes = limits.BytesPerMessageMax,
            KeptBytes = limits.BytesPerMessageMax,
        },
    };
}
