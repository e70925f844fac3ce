using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register.Paper;

/// <summary>Defects of an older store over per-key Paxos, in the words of this kernel.</summary>
public class KnownDefectTests
{
    // Defect 7: a round was chosen as soon as a majority had answered, whatever they answered.
    [Fact]
    [Rule(RegisterRules.ChosenInOneBallot)]
    public void Who_refuses_is_no_part_of_the_majority()
    {
        int self = 4;
        RegisterMember member = RegisterMember.Of(self, 5);
        Ballot ballot = B(2, self);
        member.Turn(member.Propose(1, "a", WritesK));
        member.Flushed();
        member.Turn(member.Receive(0, Promise(ballot)));
        member.Turn(member.Receive(1, Promise(ballot)));
        member.Flushed();

        Ballot rival = B(7, 3);
        SaysNot(member.Turn(member.Receive(0, Accepted(ballot))), "done");
        SaysNot(member.Turn(member.Receive(1, Refused(ballot, rival))), "done");
        SaysNot(member.Turn(member.Receive(2, Refused(ballot, rival))), "done");
        Says(member.Turn(member.Receive(3, Accepted(ballot))), "done q1");
    }

    // Defect 8: two members had accepted different values, and the acceptor that met both crashed.
    [Fact]
    [Rule(RegisterRules.HighestVoteIsState)]
    [Rule(RegisterRules.LaggingCompares)]
    public void Who_has_accepted_another_state_takes_in_the_one_that_was_chosen()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(1, Accept(B(2, 1), "left")));
        member.Flushed();

        member.Turn(member.Receive(2, Chosen(B(5, 2))));
        string query = Says(member.Turn(member.WakeWhenDue()), "Query");
        Assert.Contains("have b2.m1", query, StringComparison.Ordinal);
        string[] lines = member.Turn(
            member.Receive(2, Answer(2, B(5, 2), true, "chosen")));
        Says(lines, "learned", "b5.m2");
        Assert.Equal("promised b6.m2 accepted b5.m2 \"chosen\" chosen", member.Holds(K));
    }

    // Defect 9: the quorum was counted over who was connected, so two halves could both decide.
    [Fact]
    [Rule(RegisterRules.ChosenInOneBallot)]
    [Rule(RegisterRules.NoQuorumAtOnce)]
    public void Whoever_is_away_counts_for_the_size_of_the_majority()
    {
        int self = OwnerOfK(5);
        RegisterMember member = RegisterMember.Of(self, 5);
        int[] peers = [.. Enumerable.Range(0, 5).Where(peer => peer != self)];
        member.PeerDown(peers[0]);
        member.PeerDown(peers[1]);

        member.Turn(member.Propose(1, "a", WritesK));
        member.Flushed();
        SaysNot(member.Turn(member.Receive(peers[2], Accepted(B(1, self)))), "done");
        Assert.Equal(["abandon q1"], member.PeerDown(peers[3]));
        Assert.Equal(["reject q2 NoQuorum"], member.Propose(2, "b", WritesK));
    }
}
