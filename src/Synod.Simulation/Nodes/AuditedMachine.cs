using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The machine of a node, watched: who may apply now, and which state each key has
/// then.</summary>
internal sealed class AuditedMachine(IKeyedMachine machine, NodeAudit audit) : IKeyedMachine
{
    public string Name => machine.Name;

    public int Version => machine.Version;

    public void Apply(in MachineInput input, MachineOutput output)
    {
        audit.Applies(input.Context.Identity);
        machine.Apply(input, output);
        if (!output.IsRefused && audit.IsOrdered)
            audit.Becomes(StableHash.Of(input.Key), output.State.Written);
    }

    public void Query(in MachineInput input, MachineOutput output)
    {
        if (!WatchedQuery.Is(input.Request, out ReadOnlySpan<byte> query))
            audit.Answers();
        MachineInput asked = new() { Key = input.Key, State = input.State, Request = query };
        machine.Query(asked, output);
    }
}
