using System.Buffers.Binary;
using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>A whole machine as a keyed one that has only the empty key: so its duplicate table is
/// the session's, and whoever watches that key watches all of it (safety §6). What is kept of the
/// key is how many commands have changed the state, which the machine holds itself: one for each
/// life of a replica.</summary>
internal sealed class WholeRunner(IWholeMachine machine) : IKeyedMachine
{
    private readonly IWholeState _state = machine.Begin();

    public string Name => machine.Name;

    public int Version => machine.Version;

    /// <summary>The machine of a store, whatever its kind.</summary>
    public static IKeyedMachine KeyedOf(IMachine machine) => machine switch
    {
        IKeyedMachine keyed => keyed,
        IWholeMachine whole => new WholeRunner(whole),
        _ => throw new ArgumentException($"Machine '{machine.Name}' is neither keyed nor whole."),
    };

    public void Apply(in MachineInput input, MachineOutput output)
    {
        if (!HasNoKey(input, output))
            return;

        long changes =
            input.State.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(input.State);
        _state.Apply(input.Context, input.Request, output);
        output.State.Clear();
        output.State.WriteInt64(changes + 1);
    }

    public void Query(in MachineInput input, MachineOutput output)
    {
        if (HasNoKey(input, output))
            _state.Query(input.Request, output);
    }

    private bool HasNoKey(in MachineInput input, MachineOutput output)
    {
        if (!input.Key.IsEmpty)
            output.Refuse($"Machine '{Name}' is whole and has no keys: leave the key empty.");
        return input.Key.IsEmpty;
    }
}
