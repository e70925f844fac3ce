using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Audit;

/// <summary>The audit finds leaders that do not propose what their majority told of.</summary>
public class PromiseAuditTests
{
    [Fact]
    [Rule(MultiPaxosRules.MajorityElects)]
    public void A_leader_by_a_promise_that_was_never_given()
    {
        AuditScene scene = AuditScene.Fresh();
        Campaign(scene.M0, scene);

        Assert.Equal(MultiPaxosRules.MajorityElects, AuditScene.RuleOf(
            () => scene.Forge(scene.M1, scene.M0, Promise(B(1, 0)))));
    }

    // m1 has i2 and i1; the page that arrives is not the one that left.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rule(MultiPaxosRules.HolesAreFilled)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void A_leader_that_leaves_out_what_it_was_told_of(bool isAbove)
    {
        AuditScene scene = AuditScene.Written();
        Promised(scene);
        Told first = new(B(1, 0), CommandOf(1));
        Report page = new(B(1, 2)) { Last = 2, Slots = [first, Told.Nothing] };
        if (isAbove)
            page = page with { Last = 1, Slots = [first] };

        Assert.Equal(MultiPaxosRules.HolesAreFilled, AuditScene.RuleOf(
            () => scene.Forge(scene.M1, scene.M2, page.Frame())));
    }

    // m0 has i2 of its own b1.m0, m1 another one of b2.m1, and the page that arrives leaves it out.
    [Fact]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void A_leader_that_proposes_the_value_of_a_lower_ballot()
    {
        AuditScene scene = AuditScene.Led();
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Work(scene.M0);
        scene.Group.Flights.Clear();
        scene.Group.PeerDown(scene.M1, scene.M0);
        scene.Elect(scene.M1, scene.M2);
        scene.Group.Propose(scene.M1, new byte[8]);
        scene.Work(scene.M1);
        scene.Group.Flights.Clear();
        scene.Group.Crash(scene.M1);
        scene.Group.Restart(scene.M1);
        scene.Forge(scene.M1, scene.M0, Nack(B(2, 1)));
        Campaign(scene.M0, scene);
        scene.DeliverTo(scene.M1);
        scene.Finish(scene.M1);
        Report lower =
            new(B(3, 0)) { From = 2, Slots = [new Told(B(1, 0), CommandOf(2))] };

        Assert.Equal(MultiPaxosRules.HighestBallotWins, AuditScene.RuleOf(
            () => scene.Forge(scene.M1, scene.M0, lower.Frame())));
    }

    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    public void A_promise_that_does_not_tell_what_was_accepted()
    {
        AuditScene scene = AuditScene.Written();
        scene.Store(scene.M1, new PromiseRecord(B(2, 2), default));

        Assert.Equal(MultiPaxosRules.PromiseReportsAll, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M2, Promise(B(2, 2)))));
    }

    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void A_promise_that_tells_as_chosen_what_is_not()
    {
        AuditScene scene = AuditScene.Written();
        scene.Store(scene.M1, new PromiseRecord(B(2, 2), default));
        Told value = new(B(1, 0), CommandOf(1));
        Report all = new(B(2, 2)) { Chosen = 2, Slots = [value, new Told(B(1, 0), CommandOf(2))] };

        scene.Leaves(scene.M1, scene.M2, (all with { Chosen = 1 }).Frame());
        Assert.Equal(MultiPaxosRules.OwnBallotIsChosen, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M2, all.Frame())));
    }

    [Fact]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void A_promise_that_is_on_no_disk()
    {
        AuditScene scene = AuditScene.Led();

        foreach (byte[] frame in (byte[][])[Promise(B(2, 2)), Nack(B(2, 2)), Prepare(B(2, 1))])
        {
            Assert.Equal(MultiPaxosRules.DurableBeforeAnswer, AuditScene.RuleOf(
                () => scene.Leaves(scene.M1, scene.M2, frame)));
        }
    }

    [Fact]
    [Rule(MultiPaxosRules.RestartMeansNewBallot)]
    public void A_ballot_that_is_led_twice()
    {
        MultiPaxosBallots ballots = new(new Quorums(3));
        ballots.Begin(B(1, 0), LogIndex.Zero);

        Assert.Equal(
            MultiPaxosRules.RestartMeansNewBallot,
            AuditScene.RuleOf(() => ballots.Begin(B(1, 0), LogIndex.Zero)));
    }

    /// <summary>The commands of the scene: eight bytes, the first the number of the
    /// request.</summary>
    private static string CommandOf(int number) => $"{(char)number}\0\0\0\0\0\0\0";

    // m1 has promised m2 b1.m2, and its pages have left.
    private static void Promised(AuditScene scene)
    {
        scene.Group.PeerDown(scene.M1, scene.M0);
        Campaign(scene.M2, scene);
        scene.DeliverTo(scene.M1);
        scene.Finish(scene.M1);
    }

    private static void Campaign(MultiPaxosMember candidate, AuditScene scene)
    {
        candidate.WakeWhenDue();
        for (int turn = 0; !HasAsked(candidate); turn++)
        {
            Assert.True(turn < 10);
            scene.DeliverTo(scene.M1);
            scene.Finish(scene.M1);
            scene.DeliverTo(candidate);
            scene.Finish(candidate);
        }
    }

    private static bool HasAsked(MultiPaxosMember candidate) =>
        candidate.Kernel.Duties.Role is MultiPaxosCampaigning && candidate.IsFlushed;
}
