using Synod.Kernel;

namespace Synod.Register;

/// <summary>Commands are run by the runtime, one after the other on the state of the
/// ballot.</summary>
internal sealed partial class RegisterReplica
{
    [Rule(RegisterRules.EvaluatedOncePerBallot)]
    public void Evaluated(in Turn turn, RequestId request, in KeyState state, Outbox outbox)
    {
        bool isMine = _rounds.TryGetValue(state.Key, out RegisterRound? round);
        if (!isMine || round is not { Stage: RegisterStage.Evaluating })
            return;
        if (round.Ballot != state.Ballot || round.Current.Id != request)
            return;

        round.Ran(state.State);
        Run(turn, round, outbox);
    }

    // A ballot without commands proposes the state as it found it: a read needs that.
    [Rule(RegisterRules.EvaluatedOncePerBallot)]
    [Rule(RegisterRules.BeginsAreFinished)]
    private void Run(in Turn turn, RegisterRound round, Outbox outbox)
    {
        if (round.TryRun(_options.CommandsPerBallot, out RequestId command))
        {
            outbox.Evaluate(command, new KeyState
            {
                Key = round.Key,
                Ballot = round.Ballot,
                State = round.State.Written,
            });
        }
        else
        {
            ProposeState(turn, round, outbox);
        }
    }
}
