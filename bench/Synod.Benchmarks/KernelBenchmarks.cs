using BenchmarkDotNet.Attributes;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Benchmarks;

/// <summary>A turn of a kernel that is the only member of its group: a command is proposed,
/// persisted and delivered. What is left out, messages, the codecs have.</summary>
public class KernelBenchmarks
{
    private const int CommandBytes = 64;

    // So that lists that grow with the log do not grow for ever.
    private const int CommandsPerLife = 4096;

    private static readonly Footprint Writes = Footprint.Writes("k"u8);

    private readonly Outbox _outbox = new();
    private IKernel? _kernel;
    private Instant _now;
    private long _request;

    /// <summary>The protocols that put commands in an order.</summary>
    [Params("raft", "paxos", "epaxos")]
    public string Protocol { get; set; } = "";

    /// <summary>A member that serves.</summary>
    [IterationSetup]
    public void Begin()
    {
        _outbox.Clear();
        _outbox.Resume(default);
        _now = default;
        _kernel = Protocols.Create(new SynodOptions { Protocol = Protocol }).Create(Start());
        _kernel.Start(new Turn(_now), _outbox);
        Settle(_kernel);
        while (_kernel.Status.Role is not (KernelRole.Leading or KernelRole.Serving))
        {
            _now += TimeSpan.FromMilliseconds(10);
            _kernel.Wake(new Turn(_now), _outbox);
            Settle(_kernel);
        }
    }

    /// <summary>Commands one by one.</summary>
    [Benchmark(OperationsPerInvoke = CommandsPerLife)]
    public long Turn()
    {
        long delivered = 0;
        if (_kernel is not IKernel kernel)
            return delivered;

        Turn turn = new(_now);
        for (int command = 0; command < CommandsPerLife; command++)
        {
            RequestId request = new(++_request);
            kernel.Propose(
                turn, request, Payload.Transient(0, CommandBytes), Writes, _outbox);
            delivered += Settle(kernel);
        }

        return delivered == CommandsPerLife
            ? delivered
            : throw new InvalidOperationException($"{delivered} of {CommandsPerLife} delivered.");
    }

    private int Settle(IKernel kernel)
    {
        Turn turn = new(_now);
        kernel.Settle(turn, _outbox);
        kernel.Persisted(turn, _outbox.Appended, _outbox);
        kernel.Settle(turn, _outbox);
        int delivered = 0;
        foreach (ref readonly Effect effect in _outbox.Effects)
            delivered += effect.Kind == EffectKind.Deliver && effect.Request != default ? 1 : 0;
        _outbox.Clear();
        return delivered;
    }

    private KernelStart Start()
    {
        MemberIdentity self = new(new NodeId(1), new Incarnation(1));
        EpochDescriptor shape = new()
        {
            Id = default,
            Protocol = Protocol,
            Members = [self],
            Parameters = new EpochParameters { Machine = "keep" },
        };
        return new KernelStart
        {
            Epoch = EpochDescriptor.First(new Lineage(1), 1, shape),
            Self = new Member(0),
            Boot = new Boot(1),
            Life = new Life(1),
            Seed = 1,
        };
    }
}
