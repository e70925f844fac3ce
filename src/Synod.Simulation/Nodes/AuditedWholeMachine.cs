using Synod.Abstractions;

namespace Synod.Simulation;

/// <summary>The whole machine of a node, watched: who may apply now, and what comes of each
/// command, which must be the same on all nodes in whatever order it ran.</summary>
internal sealed class AuditedWholeMachine(IWholeMachine machine, NodeAudit audit) : IWholeMachine
{
    public string Name => machine.Name;

    public int Version => machine.Version;

    public IWholeState Begin() => new State(machine.Begin(), audit);

    public void DeclareCommand(ReadOnlySpan<byte> command, FootprintDeclaration footprint) =>
        machine.DeclareCommand(command, footprint);

    public void DeclareQuery(ReadOnlySpan<byte> query, FootprintDeclaration footprint) =>
        machine.DeclareQuery(query, footprint);

    private sealed class State(IWholeState state, NodeAudit audit) : IWholeState
    {
        public void Apply(
            in ApplyContext context, ReadOnlySpan<byte> command, MachineOutput output)
        {
            audit.Applies(context.Identity);
            state.Apply(context, command, output);
            audit.Answers(context.Identity, output.Result.Written);
        }

        public void Query(ReadOnlySpan<byte> query, MachineOutput output)
        {
            audit.Answers();
            state.Query(query, output);
        }
    }
}
