using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is proposed for an instance, but for the bytes of its command: of an instance it
/// is what its owner has submitted, or nothing at all.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Footprint">What it touches; of a no-op, everything.</param>
/// <param name="Length">How many bytes the command has.</param>
/// <param name="IsCarried">Whether these bytes follow the message or record. If not, who is told
/// has them.</param>
internal readonly record struct EPaxosValue(
    EPaxosValueKind Kind, Footprint Footprint = default, int Length = 0, bool IsCarried = false)
{
    public static EPaxosValue NoOp => new(EPaxosValueKind.NoOp);

    /// <summary>How many bytes each of several commands has; none if it is one.</summary>
    public int[]? Parts { get; init; }

    /// <summary>Whether it is what a client wants.</summary>
    public bool IsSubmitted => Kind is EPaxosValueKind.Command or EPaxosValueKind.Read;

    /// <summary>How many bytes follow.</summary>
    public int Carried => IsCarried ? Length : 0;

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteByte((byte)Kind);
        if (!IsSubmitted)
            return;

        Footprint.WriteTo(buffer);
        buffer.WriteInt32(Length);
        buffer.WriteBoolean(IsCarried);
        buffer.WriteByte((byte)(Parts?.Length ?? 1));
        foreach (int part in Parts ?? [])
            buffer.WriteInt32(part);
    }

    public static EPaxosValue ReadFrom(ref FrameReader reader)
    {
        EPaxosValueKind kind = (EPaxosValueKind)reader.ReadByte();
        reader.Require(kind <= EPaxosValueKind.Read);
        if (!reader.IsValid || kind < EPaxosValueKind.Command)
            return new EPaxosValue(kind);

        Footprint footprint = Footprint.ReadFrom(ref reader);
        int length = reader.ReadInt32();
        reader.Require(length >= 0 && (kind == EPaxosValueKind.Command || length == 0));
        EPaxosValue value = new(kind, footprint, length, reader.ReadBoolean());
        return value with { Parts = ReadParts(value, ref reader) };
    }

    public override string ToString() => IsSubmitted
        ? $"{Kind}({Parts?.Length.ToString("0 with ")}{Length}{(IsCarried ? "" : ", known")})"
        : $"{Kind}";

    private static int[]? ReadParts(in EPaxosValue value, ref FrameReader reader)
    {
        int count = reader.ReadByte();
        bool isOne = count == 1;
        reader.Require(isOne || (count > 1 && value.Kind == EPaxosValueKind.Command));
        if (isOne || !reader.IsValid)
            return null;

        int[] parts = new int[count];
        long sum = 0;
        for (int place = 0; place < count; place++)
        {
            parts[place] = reader.ReadInt32();
            reader.Require(parts[place] >= 0);
            sum += parts[place];
        }

        reader.Require(sum == value.Length);
        return parts;
    }
}
