using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>All states that each key of a group has had, in the order of the log: what the replicas
/// have made of it, which must be the same everywhere.</summary>
internal sealed class KeyHistory(World world)
{
    private readonly Dictionary<ulong, List<byte[]?>> _keys = [];
    private readonly IKeyedMachine? _machine =
        world.Options.Workload.CreateMachine() as IKeyedMachine;

    private readonly MachineOutput _output = new();

    /// <summary>A replica has given a key its next state.</summary>
    public void Becomes(NodeId node, ulong key, int version, ReadOnlySpan<byte> state)
    {
        if (!_keys.TryGetValue(key, out List<byte[]?>? states))
            _keys[key] = states = [[]];
        // Where commands have no order, some are left out here and seen elsewhere.
        while (version >= states.Count)
            states.Add(null);
        if (states[version] is null)
            states[version] = state.ToArray();
        else if (!state.SequenceEqual(states[version]))
            throw world.Violated($"{node} has another state {version} of a key than others");
    }

    /// <summary>How many states followed the first one, of a key that nobody has written.</summary>
    public long NewestOf(ReadOnlySpan<byte> key) =>
        _keys.TryGetValue(StableHash.Of(key), out List<byte[]?>? states) ? states.Count - 1 : 0;

    /// <summary>What the machine answers from a state; null if no replica has had it.</summary>
    public byte[]? AnswerAt(ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> query)
    {
        if (_machine is null || version > NewestOf(key))
            return null;

        byte[]? state = [];
        if (_keys.TryGetValue(StableHash.Of(key), out List<byte[]?>? states))
            state = states[(int)version];
        if (state is null)
            return null;

        _output.Clear();
        _machine.Query(
            new MachineInput { Key = key, State = state, Request = query }, _output);
        return _output.Result.Written.ToArray();
    }
}
