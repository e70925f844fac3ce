using Synod.Abstractions;

namespace Synod.Cli;

/// <summary>A machine that takes its time with each command: to load a cluster whose machine is
/// slow. It waits and does not compute, since nodes on one machine would take the processors from
/// each other, which those of a cluster do not.</summary>
internal sealed class SlowMachine(IKeyedMachine machine, int microseconds) : IKeyedMachine
{
    public string Name => machine.Name;

    public int Version => machine.Version;

    public void Apply(in MachineInput input, MachineOutput output)
    {
        machine.Apply(input, output);
        Pause.For(microseconds);
    }

    public void Query(in MachineInput input, MachineOutput output) =>
        machine.Query(input, output);
}
