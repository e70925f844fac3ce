namespace Synod.Abstractions;

/// <summary>A keyed state machine as bytes: what the runtime calls. Users derive from
/// <see cref="KeyedMachine{TState}"/> instead.</summary>
/// <remarks>Both functions must depend on nothing but their arguments. They are called by one thread
/// at a time, on each replica, in the same order for one key. An empty state is a key that is
/// absent.</remarks>
public interface IKeyedMachine
{
    /// <summary>The name that the epoch agrees on.</summary>
    string Name { get; }

    /// <summary>The newest version this code can run, from 1.</summary>
    int Version { get; }

    /// <summary>Runs a command on the state of its key.</summary>
    /// <param name="context">What else the command may know.</param>
    /// <param name="key">The key.</param>
    /// <param name="state">The state of the key; empty if it is absent.</param>
    /// <param name="command">The command; bytes of a client, not yet validated.</param>
    /// <param name="output">Where the next state and the result go.</param>
    void Apply(
        in ApplyContext context,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> state,
        ReadOnlySpan<byte> command,
        MachineOutput output);

    /// <summary>Answers a query on the state of its key; nothing changes.</summary>
    void Query(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> state,
        ReadOnlySpan<byte> query,
        MachineOutput output);
}
