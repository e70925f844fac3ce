using Synod.Adapters.Tests.Machines;
using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>Footprints that promise too much are found.</summary>
public sealed class CommutationCheckerTests
{
    private static readonly CommutationOptions Options = new()
    {
        Command = static random => random.Chance(1, 2)
            ? new Deposit(Account(random), 1 + random.Below(5))
            : new Move(Account(random), Account(random), random.Below(8)),
        Query = static random => new Balance(Account(random)),
    };

    [Fact]
    public void A_machine_whose_footprints_are_right_holds()
    {
        CommutationReport report = CommutationChecker.Check(new Bank(), Options);

        Assert.True(report.Holds, report.Violation);
        Assert.InRange(report.Pairs, 100, Options.Rounds);
    }

    [Theory]
    [InlineData(Bank.Footing.ForgetsTheTarget)]
    [InlineData(Bank.Footing.CallsADepositARead)]
    public void One_whose_commands_touch_more_than_they_say_is_found(object footing)
    {
        CommutationReport report =
            CommutationChecker.Check(new Bank((Bank.Footing)footing), Options);

        Assert.False(report.Holds);
        Assert.StartsWith("round ", report.Violation, StringComparison.Ordinal);
        Assert.Contains("Move {", report.Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_conflicts_nothing_was_tried_and_nothing_holds()
    {
        CommutationOptions one = Options with
        {
            Command = static random => new Deposit("only", random.Below(3)),
            Query = null,
        };

        Assert.Equal(
            new CommutationReport(0, null), CommutationChecker.Check(new Bank(), one));
        Assert.False(CommutationChecker.Check(new Bank(), one).Holds);
    }

    private static string Account(SeededRandom random) => $"{(char)('a' + random.Below(4))}";
}
