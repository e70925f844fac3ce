using System.Text;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>The write-once store as its users have it: puts values that live with an owner, reads
/// them, and ends owners, so that keys are chosen anew.</summary>
public sealed class StoreWorkload : Workload
{
    private const int CallsPerOwner = 24;

    private readonly int _keys;

    /// <summary>Over a few keys.</summary>
    public StoreWorkload()
        : this(3)
    {
    }

    private StoreWorkload(int keys) => _keys = keys;

    /// <inheritdoc/>
    public override string Model => "owned";

    /// <inheritdoc/>
    public override IKeyedMachine CreateMachine() => new WriteOnce();

    /// <inheritdoc/>
    public override Workload Over(int keys) => new StoreWorkload(Math.Min(keys, 6));

    /// <inheritdoc/>
    public override WorkloadCall Draw(SeededRandom random, long number)
    {
        ArgumentNullException.ThrowIfNull(random);
        string key = $"k{random.Below(_keys)}";
        long owner = (number / CallsPerOwner) + random.Below(2);
        return random.Below(10) switch
        {
            0 or 1 or 2 => Put(key, $"v{number}", OwnerOf(key, owner)),
            3 => End(key, OwnerOf(key, owner)),
            _ => Get(key),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<WorkloadCall> Last() =>
        Enumerable.Range(0, _keys).Select(static key => Get($"k{key}"));

    // An owner is of one key, so that each key can be judged by itself.
    private static OwnerId OwnerOf(string key, long owner) => new($"{key}-{owner}");

    private static Registers StoreOf(IWorkloadClient client) =>
        client.Kept(static client => new Registers(new StorePort(client)));

    private static WorkloadCall Put(string key, string value, OwnerId owner) =>
        WorkloadCall.InSteps(
            ("put", key, HistoryValue.List(value, owner.Name)),
            async client =>
            {
                Registers store = StoreOf(client);
                RegisterOutcome opened =
                    await store.OpenOwnerAsync(owner).ConfigureAwait(false);
                if (opened is not RegisterOutcome.Chosen)
                    return EndOf(opened);

                PutCall call = new() { Owner = owner };
                return EndOf(await store
                    .PutAsync(key, Encoding.UTF8.GetBytes(value), call).ConfigureAwait(false));
            });

    private static WorkloadCall End(string key, OwnerId owner) => WorkloadCall.InSteps(
        ("end", key, owner.Name),
        async client => EndOf(
            await StoreOf(client).EndOwnerAsync(owner).ConfigureAwait(false)));

    private static WorkloadCall Get(string key) => WorkloadCall.QueryInSteps(
        ("get", key, HistoryValue.Null),
        new GetOnce(),
        async client => EndOf(await StoreOf(client).GetAsync(key).ConfigureAwait(false)));

    // A put that is refused for its owner may have been seen before that ended; the model knows.
    private static WorkloadEnd EndOf(RegisterOutcome outcome) => outcome switch
    {
        RegisterOutcome.Chosen chosen => new WorkloadEnd(
            OperationType.Ok, Encoding.UTF8.GetString(chosen.Value.Bytes.Span)),
        RegisterOutcome.NotFound => new WorkloadEnd(OperationType.Ok),
        RegisterOutcome.Refused { Reason: RegisterRefusal.DeadOwner } =>
            new WorkloadEnd(OperationType.Ok, false),
        RegisterOutcome.NoQuorum { MayHaveHappened: true } => new WorkloadEnd(OperationType.Info),
        _ => new WorkloadEnd(OperationType.Fail),
    };
}
