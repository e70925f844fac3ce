using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What clients do in a run, to which machine, and by which model their history is
/// checked. Derive from it to test a machine of your own. It has no state: equal arguments, equal
/// calls.</summary>
public abstract class Workload
{
    /// <summary>A new machine, keyed or whole, which is also the codec of its commands. Each
    /// process of each node gets its own, as in life. A whole one is not watched by
    /// clients.</summary>
    public abstract IMachine CreateMachine();

    /// <summary>The model of the history, as in <c>counter</c>.</summary>
    public abstract string Model { get; }

    /// <summary>The next call of a client.</summary>
    /// <param name="random">Where its randomness comes from, and from nowhere else.</param>
    /// <param name="number">The number of the call in the run, from 1: for values that differ.
    /// </param>
    public abstract WorkloadCall Draw(SeededRandom random, long number);

    /// <summary>The same over another number of keys: on one all calls meet, on many hardly any. A
    /// run asks for what its seed has drawn. This one, by default: keys that do not
    /// change.</summary>
    /// <param name="keys">How many keys, from 1.</param>
    public virtual Workload Over(int keys) => this;

    /// <summary>The calls at the end of a run, when all is healed: a read of every key.</summary>
    public abstract IEnumerable<WorkloadCall> Last();
}
