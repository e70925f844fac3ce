using System.Buffers.Binary;
using System.Text;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Storage;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A replica with a long log restarts in place, and the other group of its node goes on
/// meanwhile.</summary>
public sealed class ReturningTests
{
    private const int Commands = 700;

    private readonly Ledger _ledger = new();
    private readonly TestCluster _cluster = new(1, groups: 2);

    private TestNode Node => _cluster.Nodes[0];

    [Fact]
    [Feature("B22")]
    public void What_is_on_the_disk_only_is_read_beside_the_shard()
    {
        TestClient other = Start(windowBytes: 0);
        Fill(Commands);
        int waited = Node.Disk.ReadsAtOnce;
        int reads = Node.Disk.Performed(DiskJobKind.Read);
        Node.HoldsReads = true;

        Node.Restart();
        for (int value = 1; value <= 20; value++)
            Assert.Equal(value, Add(other));
        AssertIsRestarting();

        Node.HoldsReads = false;
        AssertReturns(Commands);
        Assert.Equal(waited, Node.Disk.ReadsAtOnce);
        Assert.InRange(Node.Disk.Performed(DiskJobKind.Read) - reads, 2, 40);
        AssertIsAllThatTheLogHas();
    }

    [Fact]
    [Feature("B22")]
    public void What_is_in_memory_is_taken_back_over_many_turns()
    {
        TestClient other = Start(windowBytes: 64 << 20);
        Fill(Commands);

        Node.Restart();
        _cluster.Step();
        AssertIsRestarting();
        Assert.InRange(_ledger.Shown.Count, 1, Commands - 1);
        Assert.Equal(1, Add(other));

        AssertReturns(Commands);
        Assert.Equal(0, Node.Disk.Performed(DiskJobKind.Read));
        AssertIsAllThatTheLogHas();
    }

    [Fact]
    [Feature("B22")]
    public void What_was_released_is_not_asked_for_and_the_newest_statement_comes_first()
    {
        Node.Groups = 1;
        Start(windowBytes: 0);
        Fill(100);
        TestClient client = _cluster.Connect();
        _cluster.Call(client, RequestKind.Transfer, "", new TransferRequest(null, false));
        _cluster.StepUntil(() => Node.LogBase.Bytes > 0);
        Fill(Commands);

        Node.Restart();
        AssertReturns(Commands);
        Assert.Equal(2 + Commands, _ledger.Shown.Count);
        Assert.StartsWith("statement", _ledger.Shown[0], StringComparison.Ordinal);
        Assert.StartsWith("checkpoint", _ledger.Shown[1], StringComparison.Ordinal);
        AssertIsAllThatTheLogHas();
    }

    [Fact]
    [Feature("B22")]
    public void A_crash_amid_the_records_begins_with_the_first_again()
    {
        TestClient other = Start(windowBytes: 0);
        Fill(Commands);
        _ledger.Unreadable = (Commands / 2, 3);

        Node.Restart();
        _cluster.StepUntil(() => _ledger.Crashes == 3);
        Assert.Equal([0.0, 100, 200], Node.Notices.Crashes);
        Assert.Equal(1, Add(other));

        AssertReturns(Commands);
        AssertIsAllThatTheLogHas();
    }

    [Fact]
    [Feature("B22")]
    public void A_crash_over_what_was_loaded_gives_back_the_room_that_it_took()
    {
        Node.LoadBytesMax = 1;
        Start(windowBytes: 0);
        Fill(Commands);
        TestClient client = _cluster.Connect();

        client.Submit(RequestKind.Transfer, "", new TransferRequest(null, IsCancel: true));
        _cluster.StepUntil(() => Node.Notices.Crashes.Count == 1);

        AssertReturns(Commands);
        AssertIsAllThatTheLogHas();
    }

    private TestClient Start(long windowBytes)
    {
        Node.OwnProtocols = [_ledger];
        Node.LogOptions = Node.LogOptions with { WindowBytes = windowBytes };
        _cluster.Start();
        return _cluster.Connect(new GroupId(2));
    }

    private void Fill(int commands)
    {
        TestClient client = _cluster.Connect();
        for (int command = 0; command < commands; command++)
            Add(client);
    }

    private long Add(TestClient client)
    {
        (ResponseKind kind, byte[] bytes) =
            _cluster.Call(client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private void AssertIsRestarting()
    {
        RawClient client = new(_cluster, Node);
        client.AskStatus(1);
        _cluster.Network.DeliverAll();
        Node.Turn(_cluster.Now);
        _cluster.Network.DeliverAll();
        Assert.Equal(ResponseKind.Unavailable, client.Answers[1].Kind);
        Assert.Equal("g1 is restarting on n1.", Encoding.UTF8.GetString(client.Answers[1].Bytes));
    }

    private void AssertReturns(long records) =>
        _cluster.StepUntil(() => _cluster.Ask(Node).Applied == records);

    // An opening reads all of it from front to back.
    private void AssertIsAllThatTheLogHas()
    {
        string[] shown = [.. _ledger.Shown];
        Node.Kill();
        Node.Start(_cluster.Now);
        Assert.Equal(_ledger.Shown, shown);
    }
}
