using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register.Paper;

/// <summary>The acceptor of a key (protocols §4.1), and its restart.</summary>
public class AcceptorTests
{
    [Fact]
    [Rule(RegisterRules.DurableBeforeAnswer)]
    [Rule(RegisterRules.PromiseTellsVote)]
    public void A_promise_tells_the_vote_and_leaves_when_it_is_durable()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        Assert.Equal(
            [
                $"persist r2 k{K:x} promised b2.m1",
                $"send {{m1}} Promise k{K:x} b2.m1 nothing gate r2",
            ],
            member.Turn(member.Receive(1, Prepare(B(2, 1)))));
        Assert.Equal(
            [
                $"persist r3 k{K:x} accepted b2.m1 [5]",
                $"send {{m1}} Accepted k{K:x} b2.m1 gate r3",
            ],
            member.Turn(member.Receive(1, Accept(B(2, 1), "a"))));

        Says(
            member.Turn(member.Receive(2, Prepare(B(5, 2)))),
            $"Promise k{K:x} b5.m2 b2.m1 [5] gate r4");
        Says(
            member.Turn(member.Receive(2, Prepare(B(6, 2), have: B(2, 1)))),
            $"Promise k{K:x} b6.m2 b2.m1 gate r5");
    }

    [Fact]
    [Rule(RegisterRules.PromiseIsMonotone)]
    public void Below_its_promise_it_refuses_and_names_that()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(2, Prepare(B(5, 2))));

        string refused = $"send {{m1}} Refused k{K:x} b5.m1 promised b5.m2 gate r2";
        Assert.Equal([refused], member.Turn(member.Receive(1, Prepare(B(5, 1)))));
        Assert.Equal([refused], member.Turn(member.Receive(1, Accept(B(5, 1), "a"))));
        Assert.Equal("promised b5.m2 accepted b0 \"\"", member.Holds(K));
    }

    [Fact]
    [Rule(RegisterRules.AcceptPromisesNext)]
    public void Whoever_accepts_promises_the_next_ballot_of_the_same_proposer()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(2, Accept(B(4, 2), "a")));
        Assert.Equal("promised b5.m2 accepted b4.m2 \"a\"", member.Holds(K));

        Says(member.Turn(member.Receive(1, Prepare(B(5, 1)))), "Refused", "promised b5.m2");
        Says(member.Turn(member.Receive(2, Accept(B(5, 2), "a", "b"))), "Accepted");
    }

    [Fact]
    [Rule(RegisterRules.OneStatePerBallot)]
    public void Asked_again_it_answers_again_and_another_state_in_the_ballot_is_a_lie()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(2, Accept(B(4, 2), "a")));

        Assert.Equal(
            [$"send {{m2}} Accepted k{K:x} b4.m2 gate r2"],
            member.Turn(member.Receive(2, Accept(B(4, 2), "a"))));
        Assert.Equal(
            [$"violated by m2: {RegisterRules.OneStatePerBallot}"],
            member.Turn(member.Receive(2, Accept(B(4, 2), "x"))));
    }

    [Fact]
    [Feature("C02")]
    [Rule(RegisterRules.PromiseIsMonotone)]
    [Rule(RegisterRules.RoundsAreReserved)]
    public void A_restart_keeps_promise_and_vote_and_uses_no_ballot_again()
    {
        RegisterMember member = RegisterMember.Of(OtherThanOwner(3), 3);
        int peer = Peer(member);
        member.Turn(member.Receive(peer, Accept(B(4, peer), "a")));
        member.Turn(member.Receive(peer, Prepare(B(9, peer))));
        member.Persisted();
        member.Crash();
        member.Restart();

        Assert.Equal($"promised b9.m{peer} accepted b4.m{peer} \"a\"", member.Holds(K));
        Says(
            member.Turn(member.Propose(1, "b", WritesK)),
            "Prepare", $"b65538.m{member.Self.Index}");
    }

    [Fact]
    public void What_was_known_to_be_chosen_is_told_anew_by_a_new_life()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(1, Accept(B(4, 1), "a")), member.Receive(1, Chosen(B(4, 1))));
        member.Persisted();
        member.Crash();
        member.Restart();

        Assert.Equal("", member.Knows(K));
        Says(member.Settle(), "learned", "b4.m1");
        Assert.Equal("a", member.Knows(K));
    }

    [Fact]
    [Feature("C05")]
    [Rule(RegisterRules.DamagedIsSilent)]
    public void Who_lost_records_has_no_voice_for_any_key_and_goes_on_to_learn()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(1, Accept(B(4, 1), "a")));
        member.Persisted();
        member.Crash();
        member.Damage(2, 2);
        Says(member.Restart(), "persist", "voiceless");
        member.Persisted();

        Assert.Equal(KernelHealth.Voiceless, member.Kernel.Status.Health);
        Assert.Empty(member.Turn(member.Receive(2, Prepare(B(9, 2)))));
        Assert.Empty(member.Turn(member.Receive(2, Query(1))));
        Assert.Equal(["reject q1 NoQuorum"], member.Propose(1, "b", WritesK));

        SaysNot(member.Turn(member.Receive(2, Accept(B(9, 2), "b"))), "send");
        Says(member.Turn(member.Receive(2, Chosen(B(9, 2)))), "learned", "b9.m2");
        Assert.Equal("b", member.Knows(K));
    }

    [Fact]
    [Rule(RegisterRules.BeginsAreFinished)]
    public void What_a_proposer_left_half_done_is_found_out_and_finished()
    {
        RegisterMember member = RegisterMember.Of(OtherThanOwner(3), 3);
        int peer = Peer(member);
        member.Turn(member.Receive(peer, Accept(B(4, peer), "a")));
        member.Flushed();

        // The others have nothing: what this member holds may still be chosen, or not.
        bool isFinishing = false;
        for (int wakes = 0; wakes < 20 && !isFinishing; wakes++)
        {
            member.Now = member.Due;
            string[] lines = member.Turn(member.Wake());
            isFinishing = lines.Any(static line =>
                line.Contains("Prepare", StringComparison.Ordinal));
            string? query = lines.LastOrDefault(static line =>
                line.Contains("Query", StringComparison.Ordinal));
            if (query is null)
                continue;

            long ticket = long.Parse(
                query.Split(' ')[4].Split('.')[2],
                System.Globalization.CultureInfo.InvariantCulture);
            member.Turn(
                member.Receive(peer, Nothing(ticket)),
                member.Receive(Third(member), Nothing(ticket)));
            isFinishing = member.Kernel.RoundAt(K) is not null;
        }

        Assert.True(isFinishing);
    }

    [Fact]
    [Rule(RegisterRules.LaggingCompares)]
    public void Who_was_away_asks_what_was_chosen_and_takes_it_in()
    {
        RegisterMember knows = RegisterMember.Of(1, 3);
        knows.Turn(
            knows.Receive(2, Accept(B(4, 2), "a")), knows.Receive(2, Chosen(B(4, 2))));
        RegisterMember member = RegisterMember.Of(0, 3);
        member.PeerUp(1);
        member.Settle();
        member.Now = member.Due;
        Says(member.Turn(member.Wake()), "Compare 1.1.1 from 0");

        FrameBuffer entries = new();
        entries.WriteUInt64(K);
        entries.WriteInt64(B(4, 2).Number);
        member.Turn(member.Receive(1, Frame(new Listing
        {
            Ticket = new RegisterTicket(1, 1, 1),
            Next = RegisterState.Parts,
            Entries = entries.Written,
        })));
        member.Now = member.Due;
        Says(member.Turn(member.Wake()), "Query", "1.1.3");
        Says(
            member.Turn(member.Receive(1, Answer(3, B(4, 2), true, "a"))),
            "learned", "b4.m2");
        Assert.Equal("a", member.Knows(K));
        Assert.Equal("promised b5.m2 accepted b4.m2 \"a\" chosen", member.Holds(K));
    }

    // The acceptance and the news were lost with the connection, of which the other end knows
    // nothing.
    [Fact]
    [Rule(RegisterRules.LaggingCompares)]
    public void Who_was_not_connected_when_a_state_was_chosen_is_told_when_it_is_again()
    {
        (RegisterMember member, Ballot ballot) = Accepting("a");
        int third = Third(member);
        member.PeerDown(third);
        Says(member.Turn(member.Receive(Peer(member), Accepted(ballot))), "done q1");
        member.PeerUp(third);

        Assert.Contains(Wakes(member, 6), line => line.StartsWith(
            $"send {{m{third}}} Chosen k{K:x} {ballot}", StringComparison.Ordinal));
    }

    [Fact]
    [Rule(RegisterRules.LaggingCompares)]
    public void Who_lost_a_member_asks_the_others_what_it_told_them()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.PeerDown(2));

        Says(Wakes(member, 2), "send {m1}", "Compare");
    }

    // The one that answers first knows an older state only.
    [Fact]
    [Rule(RegisterRules.LaggingCompares)]
    public void Who_lacks_a_newer_state_takes_no_older_one_for_it()
    {
        RegisterMember member = RegisterMember.Of(0, 5);
        member.Turn(member.Receive(1, Chosen(B(4, 1))), member.Receive(2, Chosen(B(6, 2))));
        Says(Wakes(member, 1), "Query", "1.1.2");

        SaysNot(member.Turn(member.Receive(3, Answer(2, B(4, 1), true, "a"))), "learned");
        Says(
            member.Turn(member.Receive(2, Answer(2, B(6, 2), true, "a", "b"))),
            "learned", "b6.m2");
        Assert.Equal("a b", member.Knows(K));
    }

    // Frames are dropped where too much waits for a slow member, and nobody is told of that.
    [Fact]
    [Rule(RegisterRules.LaggingCompares)]
    public void Who_is_told_of_what_it_has_missed_asks_what_else_it_has_missed()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(1, Chosen(B(4, 1))));
        Says(Wakes(member, 1), "Query", "1.1.2");

        string[] lines = Wakes(member, 1);
        Says(lines, "send {m1}", "Compare");
        Says(lines, "send {m2}", "Compare");
    }

    // It has promised more to another, and would not have accepted that.
    [Fact]
    [Rule(RegisterRules.LaggingCompares)]
    public void Who_could_not_accept_what_was_chosen_has_missed_nothing()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        member.Turn(member.Receive(2, Prepare(B(6, 2))), member.Receive(1, Chosen(B(4, 1))));

        SaysNot(Wakes(member, 2), "Compare");
    }

    private static string[] Wakes(RegisterMember member, int times) =>
    [
        .. Enumerable.Range(0, times).SelectMany(_ => member.Turn(member.WakeWhenDue())),
    ];
}
