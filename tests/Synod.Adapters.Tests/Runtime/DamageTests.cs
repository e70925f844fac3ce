using System.Buffers.Binary;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Storage;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>What a replica makes of a damaged log.</summary>
public sealed class DamageTests : ILogVisitor
{
    private const string FirstSegment = "000000000001-0001.log";

    private readonly TestCluster _cluster = new TestCluster(3).Start();
    private readonly List<(LogPosition Position, RecordHeader Header)> _records = [];
    private readonly TestClient _client;

    public DamageTests()
    {
        _client = _cluster.Connect();
        for (int command = 1; command <= 40; command++)
            Assert.Equal(command, Add());
    }

    [Fact]
    [Feature("C05")]
    public void A_replica_that_lost_a_record_says_so_is_repaired_and_counts()
    {
        TestNode follower = KillFollower();
        LogPosition middle = _records[_records.Count / 2].Position;
        follower.Disk.Overwrite(FirstSegment, (int)middle.Bytes + 50, [0xFF, 0xFF]);
        follower.Start(_cluster.Now);

        Assert.Equal(KernelHealth.Damaged, follower.Notices.Status.Health);
        Assert.Equal(1, Assert.Single(follower.Notices.Damage).LostMax);
        Assert.Equal(
            _records[_records.Count / 2].Header.Number,
            Assert.Single(follower.Notices.Lost).From);
        AssertIsRepaired(follower);
    }

    [Fact]
    [Feature("C05")]
    public void A_restart_in_place_knows_of_the_loss_as_well()
    {
        TestNode follower = KillFollower();
        LogPosition middle = _records[_records.Count / 2].Position;
        follower.Disk.Overwrite(FirstSegment, (int)middle.Bytes + 50, [0xFF, 0xFF]);
        follower.Start(_cluster.Now);
        follower.Restart();
        AssertIsRepaired(follower);
        follower.Restart();
        AssertIsRepaired(follower);
    }

    [Fact]
    [Feature("C05")]
    public void A_gap_is_found_again_by_each_opening_and_does_no_harm_then()
    {
        TestNode follower = KillFollower();
        long last = _records[^2].Position.Bytes / 4096 * 4096;
        RecordNumber lost = _records[^2].Header.Number;
        follower.Disk.Overwrite(FirstSegment, (int)last, new byte[4096]);
        follower.Start(_cluster.Now);
        LostRecords first = follower.Notices.Lost[^1];
        Assert.True(first.From <= lost && lost <= first.Through);
        AssertIsRepaired(follower);

        follower.Kill();
        follower.Start(_cluster.Now);
        Assert.Equal(first, Assert.Single(follower.Notices.Lost));
        AssertIsRepaired(follower);
    }

    [Fact]
    [Feature("C11")]
    public void A_creation_is_read_from_its_copy()
    {
        TestNode follower = KillFollower();
        foreach ((LogPosition position, RecordHeader header) in _records)
        {
            if (header.Owner == RecordOwner.Runtime)
                follower.Disk.Overwrite(FirstSegment, (int)position.Bytes + 50, [0xFF, 0xFF]);
        }

        follower.Start(_cluster.Now);
        Assert.Equal(KernelHealth.Whole, follower.Notices.Status.Health);
        Assert.Empty(follower.Notices.Refusals);
        AssertIsRepaired(follower);
    }

    [Fact]
    [Feature("C11")]
    public void A_group_without_its_creation_is_refused_by_name()
    {
        TestNode follower = KillFollower();
        int end = (int)_records[10].Position.Bytes;
        follower.Disk.Overwrite(FirstSegment, 0, new byte[end / 4096 * 4096]);
        follower.Start(_cluster.Now);

        string refusal = Assert.Single(follower.Notices.Refusals);
        Assert.Contains("g1 is not served", refusal, StringComparison.Ordinal);
        Assert.Contains("add it anew", refusal, StringComparison.Ordinal);
        Assert.Equal(41, Add());
    }

    void ILogVisitor.Visit(
        in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        _records.Add((position, header));

    void ILogVisitor.Released(in LogFloor floor) => Assert.Fail($"{floor}");

    void ILogVisitor.Lost(in LostRecords lost) => Assert.Fail($"{lost}");

    private void AssertIsRepaired(TestNode follower)
    {
        _cluster.StepUntil(() => follower.Notices.Status.Health == KernelHealth.Whole
            && _cluster.Ask(follower).Applied == _cluster.Ask(_cluster.Leader()!).Applied);
        TestNode other =
            _cluster.Nodes.First(node => node != follower && node != _cluster.Leader());
        other.Kill();
        long value = Add();
        Assert.Equal(value + 1, Add());
        other.Start(_cluster.Now);
        _cluster.StepFor(200);
    }

    // Its log, frame by frame.
    private TestNode KillFollower()
    {
        _cluster.StepFor(200);
        TestNode follower = _cluster.Nodes.First(node => node != _cluster.Leader());
        follower.Kill();
        ReadOnlySpan<byte> bytes = follower.Disk.Bytes(FirstSegment);
        long end = 0;
        while (LogFrames.TryShow(bytes[(int)end..], this, out LogFrame frame))
            end = frame.End.Bytes;
        Assert.True(_records.Count > 40);
        return follower;
    }

    private long Add()
    {
        (ResponseKind kind, byte[] bytes) =
            _cluster.Call(_client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }
}
