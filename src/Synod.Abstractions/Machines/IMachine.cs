namespace Synod.Abstractions;

/// <summary>A state machine of either kind: keyed (<see cref="IKeyedMachine"/>) or whole
/// (<see cref="IWholeMachine"/>).</summary>
public interface IMachine
{
    /// <summary>The name that the epoch agrees on.</summary>
    string Name { get; }

    /// <summary>The newest version this code can run, from 1.</summary>
    int Version { get; }
}
