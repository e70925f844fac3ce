using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>What is forgotten behind snapshots, what is said of it, and what a replica that was
/// away gets.</summary>
public class TruncationTests
{
    private static readonly InstanceId First = Id(0, 1);

    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void What_a_quorum_has_in_its_snapshots_is_truncated_and_its_records_go()
    {
        EPaxosMember member = Executed();
        string[] saved = member.Snapshot();
        Says(saved, "persist", "reserved 0, saved [2]");
        Says(saved, "{m0,m2} Saved [2]");
        SaysNot(saved, "truncated");

        string[] truncated = member.Receive(2, Saved(5));
        Says(truncated, "persist", "saved [2], truncated [2]");
        Says(truncated, "release before r3");
        member.Persisted();
        Assert.Equal(3, member.Floor);
        Assert.Equal("", member.Knows(0, 2));
        Assert.Empty(member.Receive(0, Saved(2)));
    }

    // I11.
    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.TruncatedIsSaid)]
    public void Whatever_is_asked_about_it_that_is_the_answer_and_never_that_it_is_unknown()
    {
        EPaxosMember member = Truncated();
        string[][] answers =
        [
            member.Receive(0, PreAccept(First, "a")),
            member.Receive(0, Accept(First, B(0, 0), "a")),
            member.Receive(2, Recover(First, B(3, 2))),
            member.Receive(2, Validate(First, B(3, 2), "a")),
            member.Receive(2, TryRecover(First)),
            member.Receive(2, Waiting(First, 1)),
        ];

        foreach (string[] answer in answers)
            Assert.Contains("Truncated [2]", Assert.Single(answer), StringComparison.Ordinal);
        Assert.Empty(member.Receive(0, Commit(First, "a")));
        string[] fetched = member.Receive(2, Encode(new FetchCommitted([new(First, 9)])));
        Says(fetched, "Truncated [2]");
        SaysNot(fetched, "Commit ");
    }

    [Fact]
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void What_conflicts_with_it_stays_known_also_to_the_next_life()
    {
        EPaxosMember member = Truncated();
        for (int life = 1; life <= 2; life++)
        {
            InstanceId late = Id(2, life);
            member.Receive(2, Recover(late, B(1, 2)));
            Says(
                member.Receive(2, Validate(late, B(1, 2), "v")), "ValidateOk", "m0.2!,m0.3");
            Says(
                member.Receive(2, Validate(late, B(1, 2), "v", Cover(2, 0, 9))),
                "ValidateOk",
                "uncovered m0.3");
            member.Crash();
            member.Restart();
        }

        Says(
            member.Receive(2, PreAccept(Id(2, 3), "x", Cover(), L)), "PreAcceptOk m2.3 dep []");
        Says(member.Receive(2, PreAccept(Id(2, 4), "x")), "PreAcceptOk m2.4 dep [3");
    }

    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.TruncatedIsSaid)]
    public void A_new_life_begins_with_the_snapshot_and_goes_on_behind_it()
    {
        EPaxosMember member = Truncated();
        ulong before = member.Digest();
        member.Crash();
        SaysNot(member.Restart(), "deliver");

        Assert.Equal(before, member.Digest());
        Says(member.Receive(2, Recover(First, B(3, 2))), "Truncated [2]");
        Says(member.Receive(0, Commit(Id(0, 3), "c", Cover(2))), "deliver");
    }

    // The host knew of it, and the log did not; and not all that is in it is in one piece.
    [Fact]
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void What_a_snapshot_has_is_not_delivered_again_whatever_the_records_say_of_it()
    {
        EPaxosMember member = Executed();
        member.Receive(2, Commit(Id(2, 2), "y"));
        member.Persisted();
        member.Snapshot();
        member.Crash();
        SaysNot(member.Restart(), "deliver");

        string[] lines = member.Receive(2, Commit(Id(2, 1), "x", Cover(0, 0, 2)));
        Says(lines, "deliver");
        Assert.Equal("Committed y b0 b0 [] executed", member.Knows(2, 2));
    }

    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.TruncatedIsSaid)]
    public void Who_hears_it_stops_to_recover_and_to_propose_and_goes_on_to_vote()
    {
        (EPaxosMember member, _) = Recoverer(3, Id(2, 1));
        member.PeerUp(2);
        member.Receive(1, Encode(new Truncated(Cover(0, 0, 1))));
        List<string> later = [];
        for (int wakes = 0; wakes < 5 && member.Due != Instant.Never; wakes++)
            later.AddRange(member.WakeWhenDue());

        SaysNot(later, "Recover");
        Assert.Equal(["reject q1 NoQuorum"], member.Propose(1, "x", K));
        Assert.Equal(["reject q2 NoQuorum"], member.Read(2, K));
        Says(member.Receive(1, PreAccept(Id(1, 1), "b")), "PreAcceptOk");
        member.Receive(1, Commit(Id(2, 1), "a"));
        Says(member.Propose(3, "x", K), "PreAccept m0.1");
    }

    [Fact]
    [Rule(EPaxosRules.RepairCoversAll)]
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void Who_has_truncated_and_is_damaged_then_is_not_repaired_by_others()
    {
        EPaxosMember member = Truncated();
        member.Crash();
        member.Damage(3, 3);
        Says(member.Restart(), "persist", "voiceless");
        member.Receive(0, Used(3, life: 2));
        member.Receive(2, Used(0, life: 2));
        member.Receive(0, Commit(Id(0, 3), "c", Cover(2)));

        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        SaysNot(member.Snapshot(), "truncated [3]");
    }

    // Seeds E8: in pieces, and nothing that is not decided.
    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.AllComeToKnow)]
    public void Who_was_away_pulls_what_is_decided_behind_its_own_frontier_in_pieces()
    {
        EPaxosMember away = EPaxosMember.Of(1, 3);
        away.Receive(0, Commit(Id(0, 1), "a"));
        away.Persisted();
        away.Crash();
        away.Restart();
        Frontier theirs = new(Cover(3), Cover(3), 7);
        Says(away.Receive(2, Encode(theirs)), "{m2} FetchCommitted m0.2-3");

        EPaxosMember peer = EPaxosMember.Of(2, 3, new EPaxosOptions { FetchBytesMax = 1 });
        for (int slot = 1; slot <= 3; slot++)
            peer.Receive(0, Commit(Id(0, slot), "a", Cover(slot - 1)));
        peer.Receive(0, PreAccept(Id(0, 4), "d", Cover(3)));
        string[] pulled = peer.Receive(1, Encode(new FetchCommitted([new(Id(0, 2), 4)])));
        Says(pulled, "Commit m0.2");
        Says(pulled, "Frontier [3]");
        Assert.Equal(2, pulled.Length);
    }

    private static EPaxosMember Executed()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(0, Commit(First, "a"));
        member.Receive(0, Commit(Id(0, 2), "b", Cover(1)));
        member.Receive(0, PreAccept(Id(0, 3), "c", Cover(2)));
        member.Persisted();
        return member;
    }

    private static EPaxosMember Truncated()
    {
        EPaxosMember member = Executed();
        member.Snapshot();
        member.Receive(2, Saved(2));
        member.Persisted();
        return member;
    }
}
