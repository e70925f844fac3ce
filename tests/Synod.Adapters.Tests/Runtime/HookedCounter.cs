using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A counter for which a test does something on the way.</summary>
internal sealed class HookedCounter : IKeyedMachine, IMachineCodec
{
    private readonly Counter _counter = new();

    /// <summary>Before it says its name: every life that begins asks for it.</summary>
    public Action Naming { get; init; } = static () => { };

    /// <summary>Before each command.</summary>
    public Action Applying { get; init; } = static () => { };

    public string Name
    {
        get
        {
            Naming();
            return _counter.Name;
        }
    }

    public int Version => _counter.Version;

    public void Apply(in MachineInput input, MachineOutput output)
    {
        Applying();
        _counter.Apply(input, output);
    }

    public void Query(in MachineInput input, MachineOutput output) =>
        _counter.Query(input, output);

    public void Encode(object request, FrameBuffer buffer) => _counter.Encode(request, buffer);

    public TResult Decode<TResult>(object request, ReadOnlySpan<byte> result) =>
        _counter.Decode<TResult>(request, result);
}
