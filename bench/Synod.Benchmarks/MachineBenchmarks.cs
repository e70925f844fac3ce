using BenchmarkDotNet.Attributes;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Samples.Register;

namespace Synod.Benchmarks;

/// <summary>A typed machine on one key: its codec, and applying.</summary>
public class MachineBenchmarks
{
    private static readonly byte[] Key = "some-key"u8.ToArray();

    private readonly Samples.Register.Register _machine = new();
    private readonly Put _put = new(new string('x', 64));
    private readonly FrameBuffer _command = new(1024);
    private readonly MachineOutput _output = new();
    private byte[] _state = [];

    /// <summary>A state, and a command that was encoded.</summary>
    [GlobalSetup]
    public void Encoded()
    {
        Encode();
        Apply();
        _state = _output.State.Written.ToArray();
    }

    /// <summary>The command as a client encodes it.</summary>
    [Benchmark]
    public int Encode()
    {
        _command.Clear();
        _machine.Encode(_put, _command);
        return _command.Length;
    }

    /// <summary>The command on every replica.</summary>
    [Benchmark]
    public int Apply()
    {
        _output.Clear();
        MachineInput input = new()
        {
            Key = Key,
            State = _state,
            Request = _command.Written,
        };
        ((IKeyedMachine)_machine).Apply(input, _output);
        return _output.Result.Length;
    }
}
