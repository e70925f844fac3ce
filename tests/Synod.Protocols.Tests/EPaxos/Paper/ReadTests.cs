using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>Reads (protocols §1.6).</summary>
public class ReadTests
{
    private static readonly Footprint ReadsK = Footprint.Reads("k"u8);

    [Fact]
    [Feature("A04")]
    [Rule(EPaxosRules.GatherRead)]
    public void A_read_of_a_key_leaves_no_record_and_waits_for_what_a_quorum_knows()
    {
        EPaxosMember member = EPaxosMember.Of(0, 3);
        string asked = Assert.Single(member.Read(1, ReadsK));
        Assert.StartsWith("send {m1,m2} Gather 1.1.1 at once", asked, StringComparison.Ordinal);

        SaysNot(member.Receive(1, Gathered(1, Cover(0, 2))), "read-ready");
        SaysNot(member.Receive(1, Commit(Id(1, 2), "b", Cover(0, 1))), "read-ready");
        string[] lines = member.Receive(1, Commit(Id(1, 1), "a"));
        Assert.Equal("read-ready q1", lines[^1]);
        Assert.Equal(2, lines.Count(static line => line[..7] == "deliver"));
    }

    // Somebody would wait for the slot, and decide it as nothing, and its owner would use it anew.
    [Fact]
    [Rule(EPaxosRules.GatherRead)]
    [Rule(EPaxosRules.SlotsAreReserved)]
    public void No_own_slot_is_named_before_its_reservation_is_durable()
    {
        byte[] gather = Encode(new Gather { Ticket = new GatherTicket(1, 1, 1), Footprint = K });
        byte[] askUsed = Encode(new AskUsed(new GatherTicket(1, 1, 0)));
        EPaxosMember member = EPaxosMember.Of(0, 3);
        Says(member.Propose(1, "a", K), "persist r1 reserved");

        Says(member.Receive(1, gather), "send {m1} Gathered 1.1.1 [1] gate r1");
        Says(member.Receive(1, askUsed), "send {m1} Used 1.1.0 1 gate r1");
    }

    [Fact]
    [Rule(EPaxosRules.GatherRead)]
    public void A_read_does_not_wait_for_what_touches_another_key()
    {
        EPaxosMember member = EPaxosMember.Of(0, 3);
        member.Receive(1, PreAccept(Id(1, 1), "x", default, L));
        member.Read(1, ReadsK);

        Says(member.Receive(1, Gathered(1, Cover(0, 1))), "read-ready q1");
    }

    // An answer to another life, or a second one of the same member, is none.
    [Fact]
    [Rule(EPaxosRules.GatherRead)]
    public void Answers_count_once_and_for_the_life_that_has_asked()
    {
        EPaxosMember member = EPaxosMember.Of(0, 5);
        member.Read(1, ReadsK);

        Assert.Empty(member.Receive(1, Gathered(1, default, life: 9)));
        Assert.Empty(member.Receive(1, Gathered(1, default)));
        Assert.Empty(member.Receive(1, Gathered(1, default)));
        Assert.Equal(["read-ready q1"], member.Receive(2, Gathered(1, default)));
    }

    [Fact]
    [Rule(EPaxosRules.GatherRead)]
    public void A_read_of_more_than_one_key_is_ordered_like_a_command()
    {
        EPaxosMember member = EPaxosMember.Of(0, 3);
        Says(
            member.Read(1, ReadsK.And(Footprint.Reads("l"u8))),
            "send {m1,m2} PreAccept m0.1 Read");
        member.Persisted();

        string[] lines = member.Receive(1, PreAcceptOk(Id(0, 1)));
        Says(lines, "read-ready q1");
        SaysNot(lines, "deliver");
    }

    [Fact]
    [Rule(EPaxosRules.NoOpIsProposedAgain)]
    public void A_read_that_was_recovered_as_nothing_is_ordered_again()
    {
        EPaxosMember member =
            EPaxosMember.Of(0, 3, new EPaxosOptions { GathersReads = false });
        member.Read(1, ReadsK);

        Says(member.Receive(2, CommitNoOp(Id(0, 1), B(1, 2))), "PreAccept m0.2 Read");
        member.Persisted();
        Says(member.Receive(1, PreAcceptOk(Id(0, 2))), "read-ready q1");
    }
}
