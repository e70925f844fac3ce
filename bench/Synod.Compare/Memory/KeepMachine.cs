using Synod.Abstractions;

namespace Synod.Compare.Memory;

/// <summary>Keeps the bytes of the last command of each key and answers nothing: what is left is
/// what replication costs.</summary>
internal sealed class KeepMachine : IKeyedMachine
{
    public string Name => "keep";

    public int Version => 1;

    public void Apply(in MachineInput input, MachineOutput output) =>
        output.State.WriteBytes(input.Request);

    public void Query(in MachineInput input, MachineOutput output) =>
        output.Result.WriteBytes(input.State);
}
