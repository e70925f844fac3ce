using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>Commands that come in one turn (protocols §1.12).</summary>
public class BatchTests
{
    private static readonly Footprint M = Footprint.Writes("m"u8);

    [Fact]
    [Rule(EPaxosRules.BatchesRespectKeys)]
    public void The_first_of_a_turn_is_proposed_at_once_and_the_others_together()
    {
        EPaxosMember owner = Member(0);
        Says(owner.Propose(1, "a", K), "persist", "pre-accepted m0.1 Command(1)");
        Assert.Equal(["persist r3 held [+0,1]"], owner.Propose(2, "b", L));
        Assert.Equal(["persist r4 held [+0,2]"], owner.Propose(3, "cc", M));

        string[] lines = owner.Settle();
        Says(lines, "persist", "pre-accepted m0.2 Command(2 with 3, known)");
        Says(lines, "send", "PreAccept m0.1");
        Says(lines, "PreAccept m0.2 Command(2 with 3)");
        SaysNot(owner.Settle(), "m0.3");
    }

    [Fact]
    [Rule(EPaxosRules.BatchRunsWhole)]
    [Rule(EPaxosRules.AnswerAfterExecution)]
    public void All_of_a_batch_run_in_their_order_and_each_client_has_its_answer()
    {
        EPaxosMember owner = Batch();
        owner.Persisted();
        string[] lines = owner.Receive(1, PreAcceptOk(Id(0, 2)));
        string[] delivered = [.. lines.Where(static line =>
            line.StartsWith("deliver", StringComparison.Ordinal))];
        Assert.Equal(2, delivered.Length);
        Assert.Contains("[r3+2,1] for q2", delivered[0], StringComparison.Ordinal);
        Assert.Contains("[r4+2,2] for q3", delivered[1], StringComparison.Ordinal);
        Assert.Equal("Committed b cc b0 b0 [] executed", owner.Knows(0, 2));
    }

    [Fact]
    [Rule(EPaxosRules.CommitIsDurable)]
    public void A_batch_survives_a_crash_of_its_owner_and_of_the_others()
    {
        EPaxosMember owner = Batch();
        owner.Persisted();
        owner.Receive(1, PreAcceptOk(Id(0, 2)));
        owner.Persisted();
        owner.Crash();
        owner.Restart();
        Assert.Equal("Committed b cc b0 b0 [] executed", owner.Knows(0, 2));

        EPaxosMember other = Member(1);
        other.Receive(0, PreAcceptOf("b", "cc"));
        other.Persisted();
        other.Crash();
        other.Restart();
        Assert.Equal("PreAccepted b cc b0 b0 []", other.Knows(0, 2));
    }

    [Fact]
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void Without_one_of_its_commands_the_record_of_a_batch_is_as_good_as_lost()
    {
        EPaxosMember owner = Batch();
        owner.Persisted();
        owner.Crash();
        owner.Damage(4, 4);
        owner.Restart();
        Assert.Equal("", owner.Knows(0, 2));
        Assert.NotEqual("", owner.Knows(0, 1));
    }

    [Fact]
    [Rule(EPaxosRules.BatchesRespectKeys)]
    public void A_key_that_others_use_shares_an_instance_with_no_other_key()
    {
        EPaxosMember owner = Member(0);
        owner.Receive(1, PreAccept(Id(1, 1), "x", default, K));
        owner.Propose(1, "a", M);
        owner.Propose(2, "b", L);
        owner.Propose(3, "c", K);
        owner.Propose(4, "d", M);
        owner.Propose(5, "e", K);

        owner.Settle();
        Assert.Equal("PreAccepted b d b0 b0 [1]", owner.Knows(0, 2));
        Assert.Equal("PreAccepted c e b0 b0 [0,1]", owner.Knows(0, 3));
    }

    [Fact]
    [Rule(EPaxosRules.BatchesRespectKeys)]
    public void Commands_that_conflict_keep_their_order()
    {
        EPaxosMember owner = Member(0);
        owner.Propose(1, "a", M);
        owner.Propose(2, "b", L);
        owner.Propose(3, "c", Footprint.Universal);
        owner.Propose(4, "d", L);
        owner.Propose(5, "e", K);

        owner.Settle();
        Assert.Equal("PreAccepted b b0 b0 []", owner.Knows(0, 2));
        Assert.Equal("PreAccepted c b0 b0 [2]", owner.Knows(0, 3));
        Assert.Equal("PreAccepted d e b0 b0 [3]", owner.Knows(0, 4));
    }

    [Fact]
    [Rule(EPaxosRules.KeyWindow)]
    public void What_has_waited_for_room_on_a_key_shares_the_next_instance()
    {
        EPaxosMember owner = Member(0, new EPaxosOptions { KeyWindow = 1, BatchMax = 2 });
        for (int request = 1; request <= 5; request++)
            owner.Propose(request, $"{request}", K);
        owner.Settle();
        owner.Persisted();
        Assert.Equal("", owner.Knows(0, 2));

        Decide(owner, 1);
        Assert.Equal("PreAccepted 2 3 b0 b0 [1]", owner.Knows(0, 2));
        Decide(owner, 2);
        Assert.Equal("PreAccepted 4 5 b0 b0 [2]", owner.Knows(0, 3));
        Assert.Equal("", owner.Knows(0, 4));
    }

    [Fact]
    [Rule(EPaxosRules.KeyWindow)]
    public void What_is_gathered_counts_in_the_window_of_its_key()
    {
        EPaxosMember owner = Member(0, new EPaxosOptions { KeyWindow = 2, BatchMax = 1 });
        for (int request = 1; request <= 5; request++)
            owner.Propose(request, $"{request}", K);
        owner.Settle();
        owner.Persisted();
        Assert.Equal("PreAccepted 2 b0 b0 [1]", owner.Knows(0, 2));
        Assert.Equal("", owner.Knows(0, 3));

        Decide(owner, 1);
        Assert.Equal("PreAccepted 3 b0 b0 [2]", owner.Knows(0, 3));
        Assert.Equal("", owner.Knows(0, 4));
    }

    [Fact]
    [Rule(EPaxosRules.KeyWindow)]
    public void Those_that_touch_everything_have_a_window_of_their_own()
    {
        EPaxosMember owner = Member(0, new EPaxosOptions { KeyWindow = 1 });
        foreach (int request in (int[])[1, 2, 3])
            owner.Propose(request, $"{request}", Footprint.Universal);
        owner.Settle();
        owner.Persisted();
        Assert.Equal("", owner.Knows(0, 2));

        Decide(owner, 1);
        Assert.Equal("PreAccepted 2 b0 b0 [1]", owner.Knows(0, 2));
        Assert.Equal("", owner.Knows(0, 3));
    }

    [Fact]
    [Rule(EPaxosRules.KeyWindow)]
    public void On_each_key_of_what_has_ended_the_next_is_proposed()
    {
        EPaxosMember owner = Member(0, new EPaxosOptions { KeyWindow = 1, BatchMax = 1 });
        owner.Propose(1, "a", K.And(L));
        owner.Propose(2, "b", K);
        owner.Propose(3, "c", K);
        owner.Propose(4, "d", L);
        owner.Settle();
        owner.Persisted();

        Decide(owner, 1);
        Assert.Equal("PreAccepted b b0 b0 [1]", owner.Knows(0, 2));
        Assert.Equal("PreAccepted d b0 b0 [1]", owner.Knows(0, 3));
        Assert.Equal("", owner.Knows(0, 4));
    }

    [Fact]
    [Rule(EPaxosRules.NoOpIsProposedAgain)]
    public void A_batch_that_came_to_nothing_is_proposed_again()
    {
        EPaxosMember owner = Batch();
        owner.Persisted();
        owner.Receive(1, CommitNoOp(Id(0, 2), B(1, 1)));
        owner.Settle();
        Assert.Equal("PreAccepted b cc b0 b0 [2]", owner.Knows(0, 3));
    }

    [Fact]
    [Rule(EPaxosRules.NoQuorumAtOnce)]
    public void What_is_gathered_is_refused_and_what_is_proposed_given_up_when_too_many_are_down()
    {
        EPaxosMember owner = Batch();
        owner.Propose(4, "d", K);
        owner.Propose(5, "e", L);
        owner.PeerDown(1);
        string[] lines = owner.PeerDown(2);
        owner.PeerUp(1);
        Says(lines, "abandon q2");
        Says(lines, "abandon q3");
        Says(lines, "reject q5 NoQuorum");
        SaysNot(owner.Settle(), "pre-accepted");
    }

    [Fact]
    [Rule(EPaxosRules.BatchesRespectKeys)]
    public void A_command_on_several_keys_is_contested_if_one_of_them_is()
    {
        EPaxosMember owner = Member(0);
        owner.Receive(1, PreAccept(Id(1, 1), "x", default, K));
        Commit other = new()
        {
            Id = Id(1, 2),
            Ballot = default,
            Value = Command("y", M),
            Dep = default,
        };
        owner.Receive(1, Encode(other, "y"));
        owner.Persisted();
        Assert.Contains("executed", owner.Knows(1, 2), StringComparison.Ordinal);
        owner.Propose(1, "a", Footprint.Writes("n"u8));
        owner.Propose(2, "b", L);
        owner.Propose(3, "c", K.And(M));

        owner.Settle();
        Assert.Equal("PreAccepted b b0 b0 []", owner.Knows(0, 2));
        Assert.Equal("PreAccepted c b0 b0 [0,2]", owner.Knows(0, 3));
    }

    [Fact]
    [Rule(EPaxosRules.BatchesRespectKeys)]
    public void A_batch_has_so_many_keys_and_no_more()
    {
        EPaxosMember owner = Member(0);
        owner.Propose(1, "a", K);
        int commands = (Footprint.TogetherMax / Footprint.KeysMax) + 1;
        for (int request = 2; request < 2 + commands; request++)
        {
            owner.Propose(request, "b", Footprint.Together([.. Enumerable
                .Range(4 * request, Footprint.KeysMax)
                .Select(static key => Footprint.Writes([(byte)key]))]));
        }

        string[] lines = owner.Settle();
        Says(lines, "persist", $"m0.2 Command({commands - 1} with");
        Says(lines, "persist", "m0.3 Command(1, known)");
    }

    [Fact]
    [Rule(EPaxosRules.OwnerProposes)]
    public void What_an_instance_has_is_what_its_first_record_said_whatever_a_message_says()
    {
        EPaxosMember owner = Batch();
        owner.Persisted();
        owner.Receive(1, Commit(Id(0, 2), "bcc", default, B(1, 1)));
        owner.Persisted();
        owner.Crash();
        owner.Restart();
        Assert.Equal("Committed b cc b1.m1 b1.m1 [] executed", owner.Knows(0, 2));
    }

    [Fact]
    [Rule(EPaxosRules.BatchesRespectKeys)]
    public void A_batch_has_so_many_commands_and_bytes_and_no_more()
    {
        EPaxosMember owner = Member(0, new EPaxosOptions { BatchMax = 2 });
        owner.Propose(1, "a", K);
        foreach (int request in (int[])[2, 3, 4])
            owner.Propose(request, $"{request}", L);
        owner.Settle();
        Assert.Equal("PreAccepted 2 3 b0 b0 []", owner.Knows(0, 2));
        Assert.Equal("PreAccepted 4 b0 b0 [2]", owner.Knows(0, 3));

        EPaxosMember other = Member(0);
        other.Propose(1, "a", K);
        foreach (int request in (int[])[2, 3])
            other.Propose(request, new string('x', 10_000), L);
        string[] lines = other.Settle();
        Says(lines, "persist", "m0.2 Command(10000, known)");
        Says(lines, "persist", "m0.3 Command(10000, known)");
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(1, 3, false)]
    [InlineData(-1, 4, false)]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void Parts_that_do_not_make_the_whole_are_no_message(int first, int second, bool isWhole)
    {
        byte[] frame = PreAcceptOf("b", "cc", [first, second]);
        EPaxosMember member = Member(1);
        Assert.Equal(!isWhole, member.Receive(0, frame).Any(static line =>
            line.Contains("violated", StringComparison.Ordinal)));
        Assert.Equal(isWhole, member.Knows(0, 2).Length > 0);
    }

    [Fact]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void Of_no_parts_is_no_message()
    {
        EPaxosMember member = Member(1);
        Says(member.Receive(0, PreAcceptOf("b", "cc", [])), "violated");
        Assert.Equal("", member.Knows(0, 2));
    }

    // The first of a turn alone in slot 1, two others together in slot 2.
    private static EPaxosMember Batch()
    {
        EPaxosMember owner = Member(0);
        owner.Propose(1, "a", K);
        owner.Propose(2, "b", L);
        owner.Propose(3, "cc", M);
        owner.Settle();
        return owner;
    }

    private static byte[] PreAcceptOf(string first, string second, int[]? parts = null) => Encode(
        new PreAccept
        {
            Id = Id(0, 2),
            Value = Command(first + second, Footprint.Together([L, M])) with
            {
                Parts = parts ?? [first.Length, second.Length],
            },
            Initial = default,
        },
        first + second);

    private static void Decide(EPaxosMember owner, long slot)
    {
        owner.Receive(1, PreAcceptOk(Id(0, slot), owner.Kernel.State.Find(Id(0, slot))!.Dep));
        owner.Settle();
        owner.Persisted();
        owner.Settle();
    }

    private static EPaxosMember Member(int self, EPaxosOptions? options = null)
    {
        EPaxosMember member = new(
            self, new EPaxosSetup(3) { Options = options ?? new EPaxosOptions() });
        member.Restart();
        return member;
    }
}
