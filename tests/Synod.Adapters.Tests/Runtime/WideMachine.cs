using System.Buffers.Binary;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Counts, answers with as many bytes as it is asked for, and notes how often.</summary>
internal sealed class WideMachine : IKeyedMachine, IMachineCodec
{
    public string Name => "wide";

    public int Version => 1;

    public int Queries { get; private set; }

    public void Apply(in MachineInput input, MachineOutput output)
    {
        output.State.WriteInt64(ValueOf(input) + 1);
        output.Result.WriteInt64(ValueOf(input) + 1);
    }

    public void Query(in MachineInput input, MachineOutput output)
    {
        Queries++;
        output.Result.WriteInt64(ValueOf(input));
        output.Result.WriteBytes(new byte[BinaryPrimitives.ReadInt32LittleEndian(input.Request)]);
    }

    public void Encode(object request, FrameBuffer buffer) => buffer.WriteInt32((int)request);

    public TResult Decode<TResult>(object request, ReadOnlySpan<byte> result) =>
        throw new NotSupportedException();

    private static long ValueOf(in MachineInput input) =>
        input.State.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(input.State);
}
