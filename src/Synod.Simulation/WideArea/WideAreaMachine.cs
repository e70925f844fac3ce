using Synod.Abstractions;

namespace Synod.Simulation;

/// <summary>What the clients of a wide-area run write and read.</summary>
/// <param name="Create">A new machine, which is also the codec of its commands; each node gets its
/// own.</param>
/// <param name="Put">A command that writes a key; the number tells one from all others.</param>
/// <param name="Get">A linearizable read of a key.</param>
public sealed record WideAreaMachine(
    Func<IKeyedMachine> Create,
    Func<string, long, WorkloadCall> Put,
    Func<string, WorkloadCall> Get);
