using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Samples.Workloads;

/// <summary>Registers as one whole machine, whose commands go over two of them.</summary>
public sealed class PairRegisters : WholeMachine<Dictionary<string, long>>
{
    private static readonly ICodec<ReadAndWrite> StepCodec = Codec.Of<ReadAndWrite>(
        static (step, buffer) =>
        {
            buffer.WriteString(step.From);
            buffer.WriteString(step.To);
            buffer.WriteInt64(step.Value);
        },
        static (ref reader) =>
            new ReadAndWrite(reader.ReadString(), reader.ReadString(), reader.ReadInt64()));

    /// <summary>The machine.</summary>
    public PairRegisters()
        : base("registers", static () => [])
    {
        Command<ReadAndWrite, long?>(
            tag: 1,
            StepCodec,
            Codec.Of<long?>(WriteMaybe, ReadMaybe),
            static (in context, registers, step) => Run(registers, step));
        Touches<ReadAndWrite>(static (step, footprint) =>
        {
            footprint.Reads(step.From);
            footprint.Writes(step.To);
        });
        Query<ReadBoth, (long?, long?)>(
            tag: 1,
            Codec.Of<ReadBoth>(
                static (both, buffer) =>
                {
                    buffer.WriteString(both.First);
                    buffer.WriteString(both.Second);
                },
                static (ref reader) => new ReadBoth(reader.ReadString(), reader.ReadString())),
            Codec.Of<(long?, long?)>(
                static (values, buffer) =>
                {
                    WriteMaybe(values.Item1, buffer);
                    WriteMaybe(values.Item2, buffer);
                },
                static (ref reader) => (ReadMaybe(ref reader), ReadMaybe(ref reader))),
            static (registers, both) => (Of(registers, both.First), Of(registers, both.Second)));
        Touches<ReadBoth>(static (both, footprint) =>
        {
            footprint.Reads(both.First);
            footprint.Reads(both.Second);
        });
    }

    private static long? Run(Dictionary<string, long> registers, ReadAndWrite step)
    {
        long? before = Of(registers, step.From);
        registers[step.To] = step.Value;
        return before;
    }

    private static long? Of(Dictionary<string, long> registers, string name) =>
        registers.TryGetValue(name, out long value) ? value : null;

    private static void WriteMaybe(long? value, FrameBuffer buffer)
    {
        buffer.WriteBoolean(value is not null);
        buffer.WriteInt64(value ?? 0);
    }

    private static long? ReadMaybe(ref FrameReader reader)
    {
        bool isThere = reader.ReadBoolean();
        long value = reader.ReadInt64();
        return isThere ? value : null;
    }
}
