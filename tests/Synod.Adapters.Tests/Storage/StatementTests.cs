using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Small durable state is there twice, in different blocks, and again at the begin of each
/// segment and each opening (safety §7).</summary>
public class StatementTests
{
    private const ulong Group = 7;

    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    [Feature("C11")]
    public void A_statement_survives_the_loss_of_any_one_block()
    {
        _test.Commit(Group, ("one", 1, false), ("term 2", 2, true), ("three", 3, false));
        _test.Commit(Group, ("four", 4, false));
        _test.Log.Dispose();

        for (int offset = 0; offset < _test.Log.Report.Bytes; offset += Sector.Bytes)
        {
            TestLog hurt = Copy();
            hurt.Disk.Overwrite(TestLog.First, offset, new byte[Sector.Bytes]);
            hurt.Open();
            Assert.Contains("term 2", hurt.Shown);
            Assert.All(hurt.Lost, static lost => Assert.False(lost.HidesStatement));
        }
    }

    [Fact]
    [Feature("C11")]
    public void A_copy_takes_the_place_of_the_lost_original()
    {
        _test.Commit(Group, ("one", 1, false));
        _test.Commit(Group, ("term 2", 2, true), ("three", 3, false), ("four", 4, false));
        _test.Commit(Group, ("five", 5, false));
        LogPosition original = _test.Reopen().Positions[1];
        _test.Disk.Overwrite(TestLog.First, (int)original.Bytes + 50, [0xFF]);
        _test.Reopen();

        Assert.Equal(["one", "term 2", "three", "four", "five"], _test.Shown);
        Assert.True(_test.Headers[1].IsStatement);
        Assert.Equal(new RecordNumber(2), _test.Headers[1].Number);
        Assert.NotEqual(
            original.Bytes / Sector.Bytes, _test.Positions[1].Bytes / Sector.Bytes);
        Assert.Equal("term 2", _test.Read(_test.Positions[1]));
        Assert.Empty(_test.Lost);
        Assert.Equal(1, Assert.Single(_test.Log.Damage).LostMax);
    }

    [Fact]
    [Feature("C11")]
    public void If_all_copies_are_lost_it_is_said_that_an_older_statement_may_not_be_the_newest()
    {
        _test.Commit(Group, ("term 1", 1, true), ("two", 2, false));
        _test.Commit(Group, ("term 3", 3, true));
        _test.Commit(Group, ("four", 4, false));
        long second = _test.Reopen().Positions[2].Bytes / Sector.Bytes * Sector.Bytes;
        _test.Disk.Overwrite(TestLog.First, (int)second, new byte[2 * Sector.Bytes]);

        // This opening had copied it before it wrote anything else.
        Assert.Equal(["term 1", "two", "term 3", "four"], CommitAndReopen("five", 5)[..4]);

        TestLog other = new TestLog().Open();
        other.Commit(Group, ("term 1", 1, true), ("two", 2, false));
        other.Commit(Group, ("term 3", 3, true));
        other.Commit(Group, ("four", 4, false));
        other.Disk.Overwrite(TestLog.First, (int)second, new byte[2 * Sector.Bytes]);
        other.Reopen();
        Assert.Equal(["term 1", "two", "lost r3 to r3", "four"], other.Shown);
        Assert.True(Assert.Single(other.Lost).HidesStatement);
    }

    // The opening copies what is left before anything else is appended, and there the machine may
    // stop: the member has not said yet that it is damaged.
    [Fact]
    [Feature("C11")]
    public void A_copy_of_what_may_not_be_the_newest_does_not_pass_for_it()
    {
        _test.Commit(Group, ("term 1", 1, true), ("two", 2, false));
        long lost = _test.Commit(Group, ("term 3", 3, true)).Bytes / Sector.Bytes * Sector.Bytes;
        _test.Commit(Group, ("four", 4, false));
        _test.Disk.Overwrite(TestLog.First, (int)lost, new byte[2 * Sector.Bytes]);
        for (int opening = 1; opening <= 3; opening++)
        {
            _test.Reopen();
            Assert.True(Assert.Single(_test.Lost).HidesStatement);
            _test.Commit(9, ($"other {opening}", opening, false));
        }

        _test.Commit(Group, ("damaged", 5, true));
        _test.Reopen();
        Assert.Equal("damaged", _test.Shown[^1]);
        Assert.False(Assert.Single(_test.Lost).HidesStatement);
    }

    [Fact]
    [Feature("C11")]
    public void Damage_of_older_segments_does_not_hurt_the_small_state()
    {
        _test.Commit(Group, ("term 1", 1, true));
        _test.Commit(9, ("other 1", 1, true));
        long number = 1;
        while (_test.Log.Report.Segments < 4)
            _test.Commit(Group, (_test.Large('x'), ++number, false));
        _test.Commit(Group, ("end", ++number, false));
        _test.Disk.Remove(TestLog.First);
        _test.Reopen();

        Assert.Contains("term 1", _test.Shown);
        Assert.Contains("other 1", _test.Shown);
        Assert.Contains("end", _test.Shown);
        Assert.Equal(2, _test.Lost.Count(lost => lost.Group == new GroupId(Group))
            + _test.Lost.Count(lost => lost.Group == new GroupId(9)));
        Assert.All(_test.Lost, static lost => Assert.False(lost.HidesStatement));
    }

    [Fact]
    [Feature("C11")]
    public void Every_segment_begins_with_the_newest_statement_of_every_group()
    {
        for (ulong group = 1; group <= 20; group++)
            _test.Commit(group, ($"old {group}", 1, true), ($"new {group}", 2, true));
        long number = 0;
        while (_test.Log.Report.Segments < 5)
            _test.Commit(99, (_test.Large('x'), ++number, false));
        _test.Disk.Remove(TestLog.First);
        _test.Disk.Remove("000000000002-0001.log");
        _test.Reopen();

        for (ulong group = 1; group <= 20; group++)
            Assert.Contains($"new {group}", _test.Shown);
        Assert.DoesNotContain("old 1", _test.Shown);
    }

    [Fact]
    [Feature("C11")]
    public void A_random_log_that_is_hurt_tells_all_that_is_missing()
    {
        for (ulong seed = 1; seed <= 300; seed++)
            AssertNothingIsSilent(new SeededRandom(seed));
    }

    [Fact]
    public void A_statement_that_is_too_large_to_be_there_twice_is_refused()
    {
        string large = new('s', _test.Log.StatementBytesMax);
        _test.Commit(Group, (large, 1, true));
        Assert.Throws<ArgumentException>(() => _test.Append(large + "s", 2, isStatement: true));
        _test.Reopen();
        Assert.Equal([large], _test.Shown);
    }

    // Whatever is overwritten: of every group, each record that is missing is told to be lost, all
    // others come in order and as they were, and if the newest statement is missing it is said.
    private static void AssertNothingIsSilent(SeededRandom random)
    {
        TestLog test = new TestLog().Open();
        Dictionary<ulong, List<(string Body, bool IsStatement)>> written = [];
        for (int turn = 0; turn < 30; turn++)
        {
            Write(test, written, random);
            if (random.Chance(1, 8))
                test.Reopen();
        }

        test.Log.Dispose();
        for (int hit = 0; hit < 1 + random.Below(4); hit++)
            Hit(test, random);
        test.Reopen();
        foreach ((ulong group, List<(string, bool)> records) in written)
            AssertTold(test, group, records);
    }

    private static void Write(
        TestLog test,
        Dictionary<ulong, List<(string Body, bool IsStatement)>> written,
        SeededRandom random)
    {
        for (long record = 0; record <= random.Below(4); record++)
        {
            ulong group = 1 + (ulong)random.Below(3);
            if (!written.TryGetValue(group, out List<(string, bool)>? records))
                written.Add(group, records = []);
            bool isStatement = random.Chance(1, 4);
            string body = $"g{group} r{records.Count + 1} ".PadRight(
                (int)random.Below(isStatement ? 100 : 5000), '.');
            records.Add((body, isStatement));
            test.Append(body, records.Count, isStatement, group);
        }

        test.Log.Flush();
        test.Settle();
    }

    private static void Hit(TestLog test, SeededRandom random)
    {
        IReadOnlyList<DiskFile> files = test.Disk.List();
        // The mark at the end says that all before it was durable.
        long reach = test.Log.Report.Bytes - Sector.Bytes;
        long place = random.Below(reach);
        DiskFile file = files[(int)(place / TestLog.SegmentBytes)];
        int offset = (int)(place % TestLog.SegmentBytes);
        int length = random.Chance(1, 2) ? 1 : (int)(1 + random.Below(3 * Sector.Bytes));
        length = (int)Math.Min(Math.Min(length, TestLog.SegmentBytes - offset), reach - place);
        test.Disk.Overwrite(file.Name, offset, [.. Enumerable.Repeat((byte)0xA5, length)]);
    }

    private static void AssertTold(
        TestLog test, ulong group, List<(string Body, bool IsStatement)> records)
    {
        long next = 1;
        int newest = -1;
        List<LostRecords> lost =
            [.. test.Lost.Where(lost => lost.Group == new GroupId(group))];
        IEnumerable<string> bodies = test.Shown.Where(
            static text => !text.StartsWith("lost", StringComparison.Ordinal));
        List<(RecordHeader Header, string Body)> shown =
            [.. test.Headers.Zip(bodies).Where(pair => pair.First.Group == new GroupId(group))];
        foreach ((RecordHeader header, string body) in shown)
        {
            Skip(ref next, header.Number.Number, lost);
            Assert.Equal(records[(int)header.Number.Number - 1], (body, header.IsStatement));
            newest = header.IsStatement ? (int)header.Number.Number : newest;
            next = header.Number.Number + 1;
        }

        // A group of which nothing is left is known by the damage alone.
        Assert.True(shown.Count > 0 || test.Log.Damage.Count > 0);
        if (shown.Count == 0)
            return;

        Skip(ref next, records.Count + 1, lost);
        bool isHidden =
            records.FindLastIndex(static record => record.IsStatement) + 1 > Math.Max(newest, 0);
        Assert.True(!isHidden || lost.Exists(static lost => lost.HidesStatement));
    }

    private static void Skip(ref long next, long until, List<LostRecords> lost)
    {
        for (; next < until; next++)
        {
            long number = next;
            Assert.Contains(
                lost, told => told.From.Number <= number && number <= told.Through.Number);
        }
    }

    private string[] CommitAndReopen(string body, long number)
    {
        _test.Commit(Group, (body, number, false));
        _test.Reopen();
        return [.. _test.Shown];
    }

    private TestLog Copy()
    {
        TestLog copy = new();
        foreach (DiskFile file in _test.Disk.List())
            copy.Disk.Plant(file.Name, _test.Disk.Bytes(file.Name));
        return copy;
    }
}
