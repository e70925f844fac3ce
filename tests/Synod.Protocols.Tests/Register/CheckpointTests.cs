using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register;

/// <summary>The log of a member does not grow for ever, and what is left of it is its table.
/// </summary>
public class CheckpointTests
{
    private const int Kept = 4096;

    [Fact]
    [Feature("C01")]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void A_key_that_changes_for_ever_takes_a_bounded_log()
    {
        RegisterMember member = Small();
        for (long round = 4; round < 2000; round++)
            Accepts(member, K, round);

        Assert.InRange(member.Appended.Number - member.Floor, 1, 300);
        Again(member);
        Assert.Equal("promised b2000.m1 accepted b1999.m1 \"1999\"", member.Holds(K));
    }

    [Fact]
    [Feature("C01")]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void Keys_that_rest_are_written_anew_before_their_records_go()
    {
        RegisterMember member = Small();
        const int keys = 20;
        for (ulong key = 1; key <= keys; key++)
            Accepts(member, key, 4);
        member.Turn(member.Receive(2, Frame(new Prepare(3, B(9, 2)))));
        member.Turn(member.Receive(2, Frame(new Prepare(99, B(7, 2)))));
        long before = member.Appended.Number;
        for (long round = 5; round < 1000; round++)
            Accepts(member, K, round);

        Assert.InRange(member.Floor, before, member.Appended.Number);
        Again(member);
        for (ulong key = 1; key <= keys; key++)
        {
            string promised = key == 3 ? "b9.m2" : "b5.m1";
            Assert.Equal($"promised {promised} accepted b4.m1 \"4\"", member.Holds(key));
        }

        Assert.Equal("promised b7.m2 accepted b0 \"\"", member.Holds(99));
    }

    [Fact]
    [Feature("C01")]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void Who_is_asked_writes_all_anew_and_releases_the_rest_also_with_no_key()
    {
        RegisterMember empty = RegisterMember.Of(0, 3);
        empty.Turn(empty.Checkpoint());
        empty.Persisted();
        Assert.Equal(2, empty.Floor);
        Again(empty);

        RegisterMember member = RegisterMember.Of(0, 3);
        Accepts(member, K, 4);
        member.Turn(member.Receive(1, Chosen(B(4, 1))));
        string[] lines = member.Turn(member.Checkpoint());
        Says(lines, "persist", $"k{K:x} promised b5.m1 accepted b4.m1", "chosen");
        Says(lines, "release before r5");
        Assert.Equal(1, member.Floor);

        member.Persisted();
        Assert.Equal(5, member.Floor);
        Again(member);
        Assert.Equal("promised b5.m1 accepted b4.m1 \"4\" chosen", member.Holds(K));
        Assert.Equal(KernelHealth.Whole, member.Kernel.Status.Health);
    }

    [Fact]
    [Feature("C01")]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void A_crash_at_any_record_of_a_checkpoint_leaves_all_that_was_there()
    {
        for (int lucky = 0; lucky <= 12; lucky++)
        {
            RegisterMember member = RegisterMember.Of(0, 3);
            for (ulong key = 1; key <= 10; key++)
                Accepts(member, key, 4);
            member.Persisted();
            member.Turn(member.Checkpoint());
            int written = (int)(member.Appended.Number - member.Durable.Number);
            member.Crash(Math.Min(lucky, written));
            member.Restart();
            member.Turn(member.Checkpoint());
            Again(member);

            for (ulong key = 1; key <= 10; key++)
                Assert.Equal("promised b5.m1 accepted b4.m1 \"4\"", member.Holds(key));
        }
    }

    // However much rests beside it, a byte that comes in costs a bounded number of bytes.
    [Theory]
    [InlineData(StoragePressure.None, 3)]
    [InlineData(StoragePressure.High, 6)]
    [Feature("C01")]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void What_is_written_anew_is_in_proportion_to_what_comes_in(
        StoragePressure pressure, int most)
    {
        RegisterMember member = Small();
        byte[] state = new byte[4096];
        for (ulong key = 1; key <= 200; key++)
            Accepts(member, (key, state), 4);
        member.Pressure(pressure);
        for (int turn = 0; turn < 100; turn++)
            member.Flushed();

        long before = member.Kernel.State.Ages.Written;
        const int rounds = 400;
        for (long round = 4; round < 4 + rounds; round++)
            Accepts(member, (K, state), round);

        long written = member.Kernel.State.Ages.Written - before;
        Assert.InRange(written, rounds * state.Length, most * rounds * state.Length);
        for (int turn = 0; turn < 100; turn++)
            member.Flushed();
        long rested = member.Kernel.State.Ages.Written;
        for (int turn = 0; turn < 100; turn++)
            member.Flushed();
        Assert.Equal(rested, member.Kernel.State.Ages.Written);
    }

    [Fact]
    [Feature("C01")]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void Who_is_asked_again_before_it_is_done_ends_what_it_has_begun()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        byte[] state = new byte[4096];
        for (ulong key = 1; key <= 200; key++)
            Accepts(member, (key, state), 4);
        long table = member.Kernel.State.Ages.Written;

        int turns = 0;
        for (; member.Floor == 1; turns++)
        {
            Assert.InRange(turns, 0, 50);
            member.Turn(member.Checkpoint());
            member.Flushed();
        }

        Assert.InRange(turns, 5, 50);
        Assert.InRange(member.Kernel.State.Ages.Written, table, (2 * table) + (128 << 10));
    }

    [Fact]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void What_is_answered_does_not_wait_for_what_is_written_anew()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        Accepts(member, K, 4);
        member.Persisted();
        member.Turn(member.Checkpoint());

        Says(
            member.Turn(member.Receive(1, Accept(B(4, 1), "4"))),
            $"send {{m1}} Accepted k{K:x} b4.m1 gate r2");
    }

    [Fact]
    [Rule(RegisterRules.FullIsSlow)]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void On_a_disk_that_fills_up_less_is_kept()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        for (long round = 4; round < 2000; round++)
            Accepts(member, K, round);
        Assert.Equal(1, member.Floor);

        member.Turn(member.Pressure(StoragePressure.High));
        member.Persisted();
        Assert.InRange(member.Appended.Number - member.Floor, 0, 2);
    }

    [Fact]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void A_new_life_writes_no_more_anew_at_once_than_the_one_before()
    {
        RegisterMember member = RegisterMember.Of(0, 3);
        for (ulong key = 1; key <= 4000; key++)
            Accepts(member, key, 4);
        for (long round = 5; round < 4000; round++)
            Accepts(member, K, round);
        Again(member);
        member.Pressure(StoragePressure.High);

        int written = member.Settle().Count(static line =>
            line.StartsWith("persist", StringComparison.Ordinal));
        Assert.InRange(written, 1, 1200);
    }

    private static RegisterMember Small() => RegisterMember.Of(
        0, 3, new RegisterOptions { KeptBytes = Kept });

    private static void Accepts(RegisterMember member, ulong key, long round) =>
        Accepts(member, (key, RegisterMember.StateOf($"{round}")), round);

    private static void Accepts(
        RegisterMember member, (ulong Key, byte[] State) what, long round)
    {
        member.Turn(member.Receive(1, Frame(new Accept
        {
            Key = what.Key,
            Ballot = B(round, 1),
            State = what.State,
        })));
        member.Flushed();
    }

    private static void Again(RegisterMember member)
    {
        member.Persisted();
        member.Crash();
        member.Restart();
    }
}
