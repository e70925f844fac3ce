using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Paper;

/// <summary>Paxos Made Simple §2.3 and §3: how a learner that lacks what is chosen catches
/// up.</summary>
public class LearningTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void Whoever_knows_tells_what_is_chosen_and_nothing_else()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"), (1, "b"), (1, "c"));
        follower.Receive(
            0, new Proposal(B(1, 0)) { First = 4, Chosen = 2, Last = 3 }.Frame());

        Assert.StartsWith(
            "send {m2} Learned b1.m0 from i1 slots 2 chosen i2 [",
            Assert.Single(follower.Receive(2, Learn(Ballot.Zero, from: 1))),
            StringComparison.Ordinal);
        Assert.Empty(follower.Receive(2, Learn(Ballot.Zero, from: 3)));
    }

    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void Pages_are_asked_for_one_after_the_other_and_lost_ones_again()
    {
        MultiPaxosMember follower = MultiPaxosMember.Of(1, 3);
        Proposal beat = new(B(2, 0)) { First = 5, Base = 4, Chosen = 4, Last = 4 };
        Assert.Contains("Learn b2.m0 from i1", follower.Receive(0, beat.Frame())[^1]);
        Assert.Empty(follower.Receive(0, beat.Frame()));
        follower.Now += new MultiPaxosOptions().HeartbeatInterval;
        Assert.Contains("Learn b2.m0 from i1", follower.Receive(0, beat.Frame())[^1]);

        byte[] first = Page(1, "a", "b");
        byte[] second = Page(3, "c", "d");
        Assert.Empty(follower.Receive(2, second));
        Assert.Equal("send {m2} Learn b2.m0 from i3 at once", follower.Receive(2, first)[^1]);
        Assert.DoesNotContain(
            follower.Receive(2, first), static line => line.StartsWith("deliver"));
        string[] last = follower.Receive(2, second);

        Assert.Equal(2, last.Count(static line => line.StartsWith("deliver")));
        Assert.DoesNotContain(last, static line => line.Contains("Learn b"));
        Assert.Equal(["b1.m2 a", "b1.m2 b", "b1.m2 c", "b1.m2 d"], follower.Slots());

        static byte[] Page(long from, params string[] commands) => new Lesson(B(1, 2))
        {
            From = from,
            Chosen = 4,
            Slots = [.. commands.Select(static command => new Told(B(1, 2), command))],
        }.Frame();
    }

    // It is the same value: it was proposed in the higher ballot when the lower one had chosen it.
    [Fact]
    [Rule(MultiPaxosRules.ChosenStays)]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void What_is_learned_does_not_replace_what_was_accepted_in_a_higher_ballot()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((3, "a"));
        string[] lines = follower.Receive(
            2, new Lesson(B(1, 2)) { Slots = [new Told(B(1, 2), "a")] }.Frame());

        Assert.Equal(["deliver [r2+27,1] gate r2"], lines);
        Assert.Equal(["b3.m0 a"], follower.Slots());
    }

    // Found by mutated frames: no life began with such a record any more. Whoever goes by what was
    // chosen in a ballot is in that ballot.
    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    [Rule(MultiPaxosRules.AppliedInOrder)]
    public void What_is_learned_of_a_higher_ballot_is_kept_behind_a_promise_of_it()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"));
        Lesson lesson = new(B(3, 2)) { Slots = [new Told(B(3, 2), "a"), new Told(B(3, 2), "b")] };
        follower.Receive(2, lesson.Frame());
        follower.Persisted();
        follower.Crash();

        Assert.Single(follower.Restart(), static line => line.StartsWith("deliver"));
        Assert.Equal(B(3, 2), follower.Promised);
        Assert.Equal(["b3.m2 a", "b3.m2 b"], follower.Slots());
    }

    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void A_full_disk_learns_nothing_and_goes_on_when_there_is_room()
    {
        MultiPaxosMember follower = MultiPaxosMember.Of(1, 3);
        byte[] lesson = new Lesson(B(1, 2)) { Slots = [new Told(B(1, 2), "a")] }.Frame();
        follower.Pressure(StoragePressure.Full);
        Assert.Empty(follower.Receive(2, lesson));

        follower.Pressure(StoragePressure.None);
        Assert.Contains(follower.Receive(2, lesson), static line => line.StartsWith("deliver"));
    }

    [Fact]
    [Rule(MultiPaxosRules.AppliedInOrder)]
    public void A_restart_delivers_again_what_was_marked_as_chosen_and_no_more()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"), (1, "b"));
        Proposal next = new(B(1, 0)) { First = 3, Chosen = 2, Commands = ["c"] };
        follower.Receive(0, next.Frame());
        follower.Receive(0, (next with { First = 4, Chosen = 3, Commands = ["d"] }).Frame());
        follower.Persisted();
        follower.Crash();

        Assert.Equal(
            ["deliver [r2+27,1] gate r2", "deliver [r3+27,1] gate r3"], follower.Restart());
        Assert.Equal(new LogIndex(2), follower.Chosen);
        Assert.Equal(4, follower.Slots().Count);
    }

    // All frames of the pages may be lost, and the leader may change meanwhile.
    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    public void Who_was_away_for_long_has_all_soon_though_the_leader_changes()
    {
        Seeds.ForEach(20, static random =>
        {
            MultiPaxosGroup group = new(new MultiPaxosSetup(3)
            {
                Seed = random.NextBits(),
                Options = new MultiPaxosOptions { SlotsPerMessageMax = 2, SlotsAheadMax = 4 },
            });
            MultiPaxosMember away = group.Members[(int)random.Below(3)];
            group.Isolate(away);
            for (int command = 0; command < 20; command++)
            {
                int acknowledged = group.Audit.AcknowledgedCount;
                Assert.True(group.RunUntil(() => IsThere(group), Soon));
                group.Propose(group.Leader!, new byte[sizeof(long)]);
                Assert.True(group.RunUntil(
                    () => group.Audit.AcknowledgedCount > acknowledged, Soon));
            }

            group.Heal();
            if (random.Chance(1, 2))
            {
                group.Crash(group.Leader!);
                group.Restart(group.Members.First(static member => !member.IsUp));
            }

            Assert.True(group.RunUntil(
                () => group.Audit.DeliveredBy(away) == group.Audit.DeliveredCount, Soon * 2));
            Assert.Equal(20, group.Audit.DeliveredBy(away));
        });

        static bool IsThere(MultiPaxosGroup group) => group.Leader is not null;
    }
}
