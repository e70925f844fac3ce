using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Counts to where it is asked, and does not like two.</summary>
internal sealed class MoodyMachine : IKeyedMachine, IMachineCodec
{
    public const byte Next = 1;
    public const byte Throws = 2;
    public const byte Value = 1;
    public const byte RefusesTwo = 2;
    public const byte ThrowsAtTwo = 3;
    public const byte Unknown = 4;

    public string Name => "moody";

    public int Version => 1;

    public void Apply(in MachineInput input, MachineOutput output)
    {
        if (input.Request[0] == Throws)
            throw new InvalidOperationException("no");
        output.State.WriteByte((byte)(ValueOf(input) + 1));
    }

    public void Query(in MachineInput input, MachineOutput output)
    {
        if (input.Request[0] == Unknown)
            output.Refuse("no such query");
        else if (input.Request[0] == RefusesTwo && ValueOf(input) == 2)
            output.Refuse("not two");
        else if (input.Request[0] == ThrowsAtTwo && ValueOf(input) == 2)
            throw new InvalidOperationException("two");
        else
            output.Result.WriteByte(ValueOf(input));
    }

    public void Encode(object request, FrameBuffer buffer) =>
        throw new NotSupportedException();

    public TResult Decode<TResult>(object request, ReadOnlySpan<byte> result) =>
        throw new NotSupportedException();

    private static byte ValueOf(in MachineInput input) =>
        input.State.IsEmpty ? (byte)0 : input.State[0];
}
