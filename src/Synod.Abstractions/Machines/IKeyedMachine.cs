namespace Synod.Abstractions;

/// <summary>A keyed state machine as bytes: what the runtime calls. Users derive from
/// <see cref="KeyedMachine{TState}"/> instead.</summary>
/// <remarks>Both functions must depend on nothing but their arguments. They are called by one
/// thread at a time, on each replica, in the same order for one key. An empty state is a key that
/// is absent.</remarks>
public interface IKeyedMachine : IMachine
{
    /// <summary>Runs a command on the state of its key.</summary>
    void Apply(in MachineInput input, MachineOutput output);

    /// <summary>Answers a query on the state of its key; nothing changes.</summary>
    void Query(in MachineInput input, MachineOutput output);
}
