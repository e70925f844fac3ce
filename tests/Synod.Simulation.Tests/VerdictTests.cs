using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.Workloads;

namespace Synod.Simulation.Tests;

/// <summary>What a run that is not good says of itself.</summary>
public sealed class VerdictTests
{
    [Fact]
    public void A_run_that_did_little_is_void()
    {
        SimulationOptions options = Setup.Options("raft") with
        {
            Clients = 1,
            CallsPerClient = 1,
            ThinkTime = TimeSpan.FromSeconds(1),
        };

        SimulationReport report = Simulator.Run(options, 1);

        Assert.Equal(Verdict.Void, report.Verdict);
        Assert.Contains("operations per virtual second", report.Reason);
    }

    [Fact]
    public void A_run_in_which_no_fault_hit_is_void()
    {
        FaultPlan plan = Setup.Plan((1, FaultKind.Kill, 1, 10, 0));

        SimulationReport report = Simulator.Run(Setup.Options("raft"), 1, sink: null, plan);

        Assert.Equal((Verdict.Void, "no fault had an effect"), (report.Verdict, report.Reason));
    }

    [Fact]
    public void A_machine_that_is_not_deterministic_is_found_and_the_run_made_smaller()
    {
        SimulationOptions options = Setup.Options("raft") with { Workload = new FickleWorkload() };
        SimulationReport report = Simulator.Run(options, 1);

        Shrunken shrunken = Shrinker.Shrink(options, report);

        Assert.Equal(Verdict.Violated, report.Verdict);
        Assert.Equal(Verdict.Violated, shrunken.Report.Verdict);
        Assert.Empty(shrunken.Report.Plan.Faults);
        Assert.Equal(1, shrunken.Options.CallsPerClient);
        Assert.Equal(0, shrunken.Options.WatchesPerClient);
    }

    [Fact]
    public void A_good_run_cannot_be_made_smaller()
    {
        SimulationOptions options = Setup.Options("raft", seconds: 1);
        SimulationReport report = Simulator.Run(options, 1, sink: null, FaultPlan.Nothing);

        Assert.Throws<ArgumentException>(() => Shrinker.Shrink(options, report));
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        SimulationOptions options = Setup.Options("raft") with { Nodes = 16 };

        ArgumentException refusal =
            Assert.Throws<ArgumentException>(() => Simulator.Run(options, 1));

        Assert.Contains("Nodes", refusal.Message);
    }

    private sealed class FickleWorkload : Workload
    {
        private readonly CounterWorkload _counters = new();

        public override IKeyedMachine CreateMachine() => new FickleMachine();

        public override string Model => "counter";

        public override WorkloadCall Draw(SeededRandom random, long number) =>
            _counters.Draw(random, number);

        public override IEnumerable<WorkloadCall> Last() => _counters.Last();
    }

    /// <summary>Counts, but forgets: it remembers how often its process was asked.</summary>
    private sealed class FickleMachine : IKeyedMachine, IMachineCodec
    {
        private readonly Samples.Counter.Counter _counter = new();
        private long _asked;

        public string Name => "counter";

        public int Version => 1;

        public void Apply(in MachineInput input, MachineOutput output)
        {
            _counter.Apply(input, output);
            if (++_asked % 50 == 0)
                output.State.WriteByte(0);
        }

        public void Query(in MachineInput input, MachineOutput output) =>
            _counter.Query(input, output);

        public void Encode(object request, FrameBuffer buffer) => _counter.Encode(request, buffer);

        public TResult Decode<TResult>(object request, ReadOnlySpan<byte> result) =>
            _counter.Decode<TResult>(request, result);
    }
}
