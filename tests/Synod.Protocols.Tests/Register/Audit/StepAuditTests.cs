using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register.Audit;

/// <summary>The audit finds what no correct member says to its runtime.</summary>
public class StepAuditTests
{
    private static readonly RequestId Asked = new(99);

    [Fact]
    [Rule(RegisterRules.AnsweredWhenChosen)]
    public void A_command_that_is_delivered_as_if_there_were_an_order()
    {
        AuditScene scene = AuditScene.Fresh();

        Assert.Equal(
            RegisterRules.AnsweredWhenChosen,
            scene.RuleOfStep(
                scene.Owner,
                static outbox => outbox.Deliver(Payload.Transient(0, 0), Asked, default)));
    }

    [Fact]
    [Rule(RegisterRules.EvaluatedOncePerBallot)]
    public void A_command_that_runs_twice_in_a_ballot_or_in_a_lower_one()
    {
        AuditScene scene = AuditScene.Fresh();
        Outbox sound = AuditScene.OutboxOf(scene.Other);
        Ballot ballot = B(4, scene.Other.Self.Index);
        sound.Evaluate(Asked, At(ballot));
        scene.Stepped(scene.Other, sound);

        foreach (Ballot again in (Ballot[])[ballot, B(3, scene.Other.Self.Index)])
        {
            Assert.Equal(
                RegisterRules.EvaluatedOncePerBallot,
                scene.RuleOfStep(scene.Other, outbox => outbox.Evaluate(Asked, At(again))));
        }
    }

    [Fact]
    [Rule(RegisterRules.AnsweredWhenChosen)]
    public void A_command_that_is_done_and_whose_ballot_is_not_chosen_or_not_told()
    {
        AuditScene proposed = AuditScene.Proposed();
        Assert.Equal(
            RegisterRules.AnsweredWhenChosen,
            proposed.RuleOfStep(proposed.Owner, static outbox => outbox.Done(new RequestId(1))));

        AuditScene chosen = AuditScene.Chosen();
        Ballot first = AuditScene.First;
        chosen.Group.Crash(chosen.Third);
        chosen.Group.Restart(chosen.Third);
        Assert.Equal(
            RegisterRules.AnsweredWhenChosen,
            chosen.RuleOfStep(chosen.Third, outbox =>
            {
                outbox.Evaluate(Asked, At(first));
                outbox.Done(Asked);
            }));
    }

    [Fact]
    [Rule(RegisterRules.ChosenInOneBallot)]
    [Rule(RegisterRules.OneStatePerBallot)]
    public void A_state_that_is_learned_and_is_not_chosen_or_is_another()
    {
        AuditScene proposed = AuditScene.Proposed();
        Ballot first = AuditScene.First;
        byte[] state = proposed.State;
        Assert.Equal(
            RegisterRules.ChosenInOneBallot,
            proposed.RuleOfStep(
                proposed.Owner, outbox => outbox.Learned(At(first, state))));

        AuditScene chosen = AuditScene.Chosen();
        Assert.Equal(
            RegisterRules.OneStatePerBallot,
            chosen.RuleOfStep(chosen.Third, outbox => outbox.Learned(At(first, [1]))));
    }

    [Fact]
    [Rule(RegisterRules.PassiveRead)]
    [Rule(RegisterRules.NothingIsAnAnswer)]
    public void A_read_that_nobody_asked_for_or_that_misses_what_was_chosen_before()
    {
        AuditScene scene = AuditScene.Chosen();
        Assert.Equal(
            RegisterRules.PassiveRead,
            scene.RuleOfStep(scene.Owner, static outbox => outbox.ReadReady(Asked)));

        scene.Group.Crash(scene.Third);
        scene.Group.Restart(scene.Third);
        scene.Audit.Reads(scene.Third.Self, Asked, ReadsK);
        Assert.Equal(
            RegisterRules.PassiveRead,
            scene.RuleOfStep(scene.Third, static outbox => outbox.ReadReady(Asked)));
    }

    [Fact]
    [Rule(RegisterRules.OneStatePerBallot)]
    public void A_vote_for_what_was_not_proposed()
    {
        AuditScene scene = AuditScene.Proposed();
        Ballot first = AuditScene.First;

        Assert.Equal(
            RegisterRules.OneStatePerBallot,
            scene.RuleOfStep(scene.Third, outbox => outbox.Persist(Vote(first, [1]))));
        Assert.Equal(
            RegisterRules.OneStatePerBallot,
            scene.RuleOfStep(scene.Third, outbox => outbox.Persist(Vote(B(9, 0), [1]))));
    }

    [Fact]
    [Rule(RegisterRules.OneStatePerBallot)]
    [Rule(RegisterRules.HighestVoteIsState)]
    public void A_ballot_that_is_used_twice_or_that_passes_over_what_is_chosen()
    {
        RegisterVotes votes = new(new Quorums(3));
        votes.Proposed(K, new RegisterVotes.Proposal(B(2, 0), Ballot.Zero, 1));
        votes.Voted(K, B(2, 0), new Member(0));
        Assert.Equal(RegisterRules.OneStatePerBallot, AuditScene.RuleOf(() =>
            votes.Proposed(K, new RegisterVotes.Proposal(B(2, 0), Ballot.Zero, 2))));

        votes.Proposed(K, new RegisterVotes.Proposal(B(3, 1), Ballot.Zero, 3));
        Assert.Equal(RegisterRules.HighestVoteIsState, AuditScene.RuleOf(() =>
            votes.Voted(K, B(2, 0), new Member(1))));
        Assert.Equal(RegisterRules.HighestVoteIsState, AuditScene.RuleOf(() =>
            votes.Proposed(K, new RegisterVotes.Proposal(B(4, 1), B(1, 0), 4))));
    }

    [Fact]
    [Rule(RegisterRules.AcceptPromisesNext)]
    public void A_member_that_would_go_on_without_asking_and_may_not()
    {
        AuditScene scene = AuditScene.Chosen();
        scene.Audit.Check();
        scene.Other.Kernel.State.GetOrAdd(K).Held = B(7, scene.Other.Self.Index);

        Assert.Equal(
            RegisterRules.AcceptPromisesNext, AuditScene.RuleOf(scene.Audit.Check));
    }

    [Fact]
    [Rule(RegisterRules.DurableBeforeAnswer)]
    public void A_member_that_goes_by_what_its_disk_does_not_hold()
    {
        AuditScene scene = AuditScene.Chosen();
        scene.Other.Kernel.State.GetOrAdd(K).Promise(B(9, 0), scene.Other.Durable);

        Assert.Equal(
            RegisterRules.DurableBeforeAnswer, AuditScene.RuleOf(scene.Audit.Check));
    }

    private static KeyState At(Ballot ballot, byte[]? state = null) =>
        new() { Key = K, Ballot = ballot, State = state ?? [] };

    private static AcceptedRecord Vote(Ballot ballot, byte[] state) =>
        new() { Key = K, Ballot = ballot, State = state };
}
