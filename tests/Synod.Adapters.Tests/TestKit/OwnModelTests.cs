using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>A user's own machine is checked by a model of a few lines.</summary>
public class OwnModelTests
{
    [Fact]
    public void A_history_of_ones_own_machine_is_judged()
    {
        // snippet: check-own-model
        Operation[] operations =
        [
            new(1, "tell", "alice", 7, Call: 0, Return: 10, OperationType.Ok, Output: 7),
            new(2, "tell", "alice", 5, Call: 3, Return: null, OperationType.Info, default),
            new(3, "best", "alice", default, Call: 11, Return: 12, OperationType.Ok, Output: 5),
        ];
        CheckResult result = LinearizabilityChecker.Check(
            new History("high-score", operations), new HighScoreModel());
        string verdict = result is CheckResult.NotLinearizable bad
            ? bad.Violation.ToText()
            : "linearizable, or not known in time";
        // end-snippet

        Assert.Contains("no order of the operations allows best of process 3", verdict);
        Assert.Contains("Possible states at its call:", verdict);
    }
}
