using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Register;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>The log of a node is given up from its begin, also if some of its groups are idle.
/// </summary>
public sealed class CheckpointTests
{
    private const int Bound = 1 << 20;
    private const int SegmentBytes = 256 << 10;

    [Fact]
    [Feature("C01")]
    public void A_group_that_is_idle_is_asked_for_a_checkpoint_and_holds_up_nobody()
    {
        Ledger[] ledgers = [new Ledger(), new Ledger()];
        TestCluster cluster = Start(ledgers);
        TestNode node = cluster.Nodes[0];
        Add(cluster, group: 1);

        long written = Write(cluster, group: 2, 5 * Bound);

        Assert.InRange(written - node.LogBase.Bytes, 0, (2 * Bound) + (2 * SegmentBytes));
        Assert.InRange(ledgers[0].Asked, 2, 5);
        Assert.Equal(0, ledgers[1].Asked);
        node.Restart(group: 1);
        Add(cluster, group: 1);
        Assert.Equal(2, ledgers[0].Shown.Count);
    }

    [Fact]
    public void Who_keeps_all_is_asked_once_for_each_time_that_the_log_grows_so_far()
    {
        Ledger[] ledgers = [new Ledger { KeepsAll = true }, new Ledger()];
        TestCluster cluster = Start(ledgers);
        Add(cluster, group: 1);

        Write(cluster, group: 2, 5 * Bound);

        Assert.Equal(0, cluster.Nodes[0].LogBase.Bytes);
        Assert.InRange(ledgers[0].Asked, 3, 5);
    }

    [Fact]
    public void Of_many_idle_groups_only_some_are_asked_in_one_turn()
    {
        Ledger[] ledgers = [.. Enumerable.Range(0, 13).Select(static _ => new Ledger())];
        TestCluster cluster = Start(ledgers);
        for (ulong group = 1; group < 13; group++)
            Add(cluster, group);
        int before = 0;
        int most = 0;

        Write(cluster, group: 13, 2 * Bound, () =>
        {
            int asked = ledgers.Sum(static ledger => ledger.Asked);
            most = Math.Max(most, asked - before);
            before = asked;
        });

        Assert.InRange(most, 1, 4);
        Assert.All(ledgers[..^1], static ledger => Assert.Equal(1, ledger.Asked));
        Assert.NotEqual(0, cluster.Nodes[0].LogBase.Bytes);
    }

    // Its member votes on, and writes.
    [Fact]
    public void A_machine_that_is_stopped_does_not_hold_the_log()
    {
        RegisterOptions options = new() { KeptBytes = SegmentBytes };
        TestCluster cluster = new TestCluster(3, machine: new Fragile()).Start(node =>
            node.OwnProtocols = [new RegisterProtocol(options)]);
        TestNode broken = cluster.Nodes[0];
        cluster.Connect(broken.Id).Submit(RequestKind.Command, "bad", Array.Empty<byte>());
        cluster.StepUntil(() => broken.Counters.IsMachineStopped);

        TestClient client = cluster.Connect(cluster.Nodes[1].Id);
        byte[] state = new byte[8 << 10];
        for (int command = 0; command < 200; command++)
        {
            state[0] = (byte)command;
            (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", state);
            Assert.Equal(ResponseKind.Applied, kind);
        }

        Assert.NotEqual(0, broken.LogBase.Bytes);
    }

    // Its checkpoint is larger than what the log may grow by: by itself it is no cause for another.
    [Fact]
    [Feature("C01")]
    public void A_table_that_is_larger_than_the_bound_is_not_written_over_and_over()
    {
        TestCluster cluster = new TestCluster(1, machine: new WriteOnce()).Start(node =>
        {
            node.Protocol = "register";
            node.CheckpointAfterBytes = SegmentBytes;
        });
        TestNode node = cluster.Nodes[0];
        TestClient client = cluster.Connect();
        PutOnce put = new(new byte[16 << 10]);
        for (int key = 0; key < 100; key++)
            cluster.Call(client, RequestKind.Command, $"k{key}", put);
        const int table = 100 * (16 << 10);
        Assert.InRange(node.LogEnd.Bytes, table, 8 * table);

        cluster.StepFor(500);
        long before = node.LogEnd.Bytes;
        cluster.StepFor(500);
        Assert.Equal(before, node.LogEnd.Bytes);

        // As much again comes in, to one key.
        for (int round = 0; round < 100; round++)
        {
            cluster.Call(client, RequestKind.Command, "k0", new EndKey(null));
            cluster.Call(client, RequestKind.Command, "k0", put);
        }

        cluster.StepFor(500);
        Assert.InRange(node.LogEnd.Bytes - before, table, 8 * table);
        Assert.True(node.LogBase.Bytes > 0);
    }

    private static TestCluster Start(Ledger[] ledgers) =>
        new TestCluster(1, groups: ledgers.Length).Start(node =>
        {
            node.OwnProtocols = ledgers;
            node.CheckpointAfterBytes = Bound;
        });

    // A busy group, which makes its checkpoints itself. Says how much it has written.
    private static long Write(TestCluster cluster, ulong group, long bytes, Action? stepped = null)
    {
        RawClient client = new(cluster, cluster.Nodes[0]);
        TestClient admin = cluster.Connect(new GroupId(group));
        long written = 0;
        for (int command = 1; written < bytes; command++)
        {
            client.Add(command, 8 << 10, group);
            cluster.StepUntil(() =>
            {
                stepped?.Invoke();
                return client.Answers.ContainsKey(command);
            });
            written += 12 << 10;
            if (command % 20 == 0)
                admin.Submit(RequestKind.Transfer, "", new TransferRequest(null, false));
        }

        return written;
    }

    private static void Add(TestCluster cluster, ulong group)
    {
        TestClient client = cluster.Connect(new GroupId(group));
        (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
    }

    private sealed class Fragile : IKeyedMachine, IMachineCodec
    {
        public string Name => "fragile";

        public int Version => 1;

        public void Apply(in MachineInput input, MachineOutput output)
        {
            if (input.Request.IsEmpty)
                throw new InvalidOperationException("no");
            output.State.WriteBytes(input.Request);
        }

        public void Query(in MachineInput input, MachineOutput output)
        {
        }

        public void Encode(object request, FrameBuffer buffer) =>
            buffer.WriteBytes((byte[])request);

        public TResult Decode<TResult>(object request, ReadOnlySpan<byte> result) =>
            throw new NotSupportedException();
    }
}
