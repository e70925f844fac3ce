using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Regressions;

/// <summary>The refusal of a request of an older term carried that request's round and index. Its
/// sender may lead again: then a late refusal confirmed a read that began after it, or made the
/// honest follower a liar. Seed 156 of the first random schedules.</summary>
public class StaleTermAnswerTests
{
    [Fact]
    [Rule(RaftRules.StaleTermIsRefused)]
    [Rule(RaftRules.ReadIndex)]
    public void An_answer_to_an_older_term_confirms_nothing_in_the_newer()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Receive(0, new Append(2) { After = (1, 1) }.Frame());
        follower.Settle();

        Assert.Equal(
            ["send {m0} AppendReply t2 refused i0 hint i0 t0 round 0 gate r3"],
            follower.Receive(0, new Append(1) { After = (1, 1), Round = 7 }.Frame()));
    }

    [Fact]
    [Rule(RaftRules.StaleTermIsRefused)]
    public void Such_an_answer_in_its_own_term_moves_nothing()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(1, "a");
        leader.Read(2);
        leader.Settle();

        Assert.Equal([], leader.Receive(1, RaftFrames.Refused(1, index: 0, hint: (0, 0))));
        Assert.Equal([], leader.Settle());
    }
}
