using Synod.Simulation;

namespace Synod.Samples.Workloads;

/// <summary>The workloads by name.</summary>
public static class WorkloadNames
{
    /// <summary>The names of those on keyed machines, which run on every protocol.</summary>
    public static IReadOnlyList<string> OnKeys { get; } =
        ["counter", "queue", "register", "write-once", "store"];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OnKeys, "transactions"];

    /// <summary>What the seeds of a protocol run in turn if nobody says which: on registers all
    /// kinds of them.</summary>
    public static IReadOnlyList<string> Of(string protocol) =>
        protocol == "register" ? ["register", "write-once", "store"] : ["counter"];

    /// <summary>A workload by its name.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Workload Find(string name) => name switch
    {
        "counter" => new CounterWorkload(),
        "queue" => new QueueWorkload(),
        "register" => new RegisterWorkload(),
        "write-once" => new WriteOnceWorkload(),
        "store" => new StoreWorkload(),
        "transactions" => new TransactionWorkload(),
        _ => throw new ArgumentException($"There is no workload '{name}'.", nameof(name)),
    };
}
