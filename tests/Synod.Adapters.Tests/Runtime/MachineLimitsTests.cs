using System.Buffers.Binary;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

public sealed class MachineLimitsTests
{
    [Fact]
    public void All_replicas_run_the_version_that_the_epoch_agreed_on()
    {
        Versioned machine = new();
        TestCluster cluster = new TestCluster(3, machine: machine).Start();
        TestClient client = cluster.Connect();
        Assert.Equal(1, Ask());

        machine.Newest = 2;
        foreach (TestNode node in cluster.Nodes)
            node.Kill();
        foreach (TestNode node in cluster.Nodes)
            node.Start(cluster.Now);

        Assert.Equal(1, Ask());

        long Ask()
        {
            (ResponseKind kind, byte[] bytes) =
                cluster.Call(client, RequestKind.Command, "k", new Tell());
            Assert.Equal(ResponseKind.Applied, kind);
            return BitConverter.ToInt64(bytes);
        }
    }

    [Fact]
    public void A_result_that_no_frame_can_carry_is_a_refusal_that_changes_nothing()
    {
        KeyedStore store = new(new Swelling(), 1, new MachineOutput());
        FrameBuffer command = new();
        new Swelling().Encode(new Tell(), command);
        CommandResult result = store.Apply(new Envelope
        {
            Identity = new CommandIdentity(new SessionId(0, 1), 1, 0),
            Acknowledged = 0,
            Key = "k"u8,
            Command = command.Written,
        });

        Assert.Equal(ResponseKind.Refused, result.Kind);
        Assert.StartsWith(
            "The result has", Encoding.UTF8.GetString(result.Bytes.Span), StringComparison.Ordinal);
        FrameBuffer query = new();
        new Swelling().Encode(new Size(), query);
        Assert.Equal(0, BitConverter.ToInt64(store.Query("k"u8, query.Written).Bytes.Span));
    }

    // Where keys have no order a record holds all of a key. A record that the log cannot take would
    // end one life of the replica after the other, on every member that is asked.
    [Fact]
    public void What_no_record_can_hold_is_refused_until_results_are_acknowledged()
    {
        const int bytes = 20 << 10; // three fit into a record of this log
        TestCluster cluster = new TestCluster(3, machine: new Verbose()).Start("register");
        TestClient first = cluster.Connect();
        Assert.Equal(ResponseKind.Applied, Ask(first, bytes));
        int applied = 1;
        ResponseKind last = ResponseKind.Applied;
        for (; last == ResponseKind.Applied && applied < 10; applied++)
            last = Ask(cluster.Connect(), bytes);

        Assert.Equal(ResponseKind.TooLarge, last);
        Assert.Equal(ResponseKind.Applied, Ask(first, 0));
        Assert.Equal(ResponseKind.Applied, Ask(cluster.Connect(), bytes));
        Assert.Equal(ResponseKind.TooLarge, Ask(cluster.Connect(), bytes));
        Assert.Equal(applied + 1, Count());
        Assert.All(cluster.Nodes, static node => Assert.Empty(node.Notices.Crashes));

        ResponseKind Ask(TestClient client, int size) =>
            cluster.Call(client, RequestKind.Command, "k", size).Kind;

        long Count() => BitConverter.ToInt64(
            cluster.Call(first, RequestKind.NearQuery, "k", 0).Bytes);
    }

    [Fact]
    public void A_counter_that_would_overflow_refuses_and_stays()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestClient client = cluster.Connect();
        cluster.Call(client, RequestKind.Command, "k", new Add(long.MaxValue));

        (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));

        Assert.Equal(ResponseKind.Refused, kind);
        (kind, byte[] bytes) = cluster.Call(client, RequestKind.Query, "k", new GetValue());
        Assert.Equal(ResponseKind.Applied, kind);
        Assert.Equal(long.MaxValue, BitConverter.ToInt64(bytes));
    }

    [Fact]
    public void A_history_is_applied_over_many_turns_so_that_a_restart_does_not_silence_a_leader()
    {
        const int Commands = 5_000;
        TestCluster cluster = new TestCluster(1).Start(static node => node.Machine =
            new HookedCounter { Applying = () => node.Spent += TimeSpan.FromMicroseconds(10) });
        TestClient client = cluster.Connect();
        for (int command = 0; command < Commands; command++)
            client.Submit(RequestKind.Command, "k", new Add(1));
        cluster.StepUntil(() => cluster.Ask(cluster.Nodes[0]).Applied == Commands);
        cluster.Nodes[0].Kill();
        cluster.Nodes[0].Start(cluster.Now);
        HashSet<long> seen = [];

        cluster.StepUntil(() =>
        {
            long applied = cluster.Ask(cluster.Nodes[0]).Applied;
            seen.Add(applied);
            return applied == Commands;
        });

        Assert.Contains(seen, static applied => applied is > 0 and < Commands);
    }

    private sealed record Tell : ICommand<long>;

    private sealed record Size : IQuery<long>;

    private sealed class Versioned : KeyedMachine<long>
    {
        public Versioned()
            : base("versioned", Codec.Number, absent: 0) => Command<Tell, long>(
                tag: 1,
                Codec.Empty(new Tell()),
                Codec.Number,
                static (in context, key, state, command) => (state, context.MachineVersion));

        public int Newest { get; set; } = 1;

        public override int Version => Newest;
    }

    // Counts, and answers a command with as many bytes as it asks for.
    private sealed class Verbose : IKeyedMachine, IMachineCodec
    {
        public string Name => "verbose";

        public int Version => 1;

        public void Apply(in MachineInput input, MachineOutput output)
        {
            output.State.WriteInt64(ValueOf(input) + 1);
            output.Result.WriteBytes(
                new byte[BinaryPrimitives.ReadInt32LittleEndian(input.Request)]);
        }

        public void Query(in MachineInput input, MachineOutput output) =>
            output.Result.WriteInt64(ValueOf(input));

        public void Encode(object request, FrameBuffer buffer) => buffer.WriteInt32((int)request);

        public TResult Decode<TResult>(object request, ReadOnlySpan<byte> result) =>
            throw new NotSupportedException();

        private static long ValueOf(in MachineInput input) =>
            input.State.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(input.State);
    }

    private sealed class Swelling : KeyedMachine<long>
    {
        private static readonly ICodec<long> Huge = Codec.Of<long>(
            static (value, buffer) => buffer.Reserve(KeyedStore.ResultBytesMax + 1),
            static (ref reader) => 0);

        public Swelling()
            : base("swelling", Codec.Number, absent: 0)
        {
            Command<Tell, long>(
                tag: 1,
                Codec.Empty(new Tell()),
                Huge,
                static (in context, key, state, command) => (1, 1));
            Query(
                tag: 1, Codec.Empty(new Size()), Codec.Number, static (key, state, size) => state);
        }
    }
}
