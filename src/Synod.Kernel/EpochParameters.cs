namespace Synod.Kernel;

/// <summary>What all members of an epoch must agree on besides who they are (safety §5).</summary>
public sealed record EpochParameters
{
    /// <summary>The name of the state machine.</summary>
    public required string Machine { get; init; }

    /// <summary>The version of the state machine, from 1.</summary>
    public int MachineVersion { get; init; } = 1;

    /// <summary>The version of the machine's footprints, from 1.</summary>
    public int FootprintVersion { get; init; } = 1;

    /// <summary>The version of records and messages, from 1.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>When what a member has counts as acknowledged. Default
    /// <see cref="Durability.Fsync"/>.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>Whether, and on what terms, a leader may serve reads under a lease. Default
    /// off.</summary>
    public LeaseTerms Lease { get; init; } = LeaseTerms.Off;

    internal void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteString(Machine);
        buffer.WriteInt32(MachineVersion);
        buffer.WriteInt32(FootprintVersion);
        buffer.WriteInt32(FormatVersion);
        buffer.WriteByte((byte)Durability);
        Lease.WriteTo(buffer);
    }

    internal static EpochParameters ReadFrom(ref FrameReader reader) => new()
    {
        Machine = reader.ReadString(),
        MachineVersion = reader.ReadInt32(),
        FootprintVersion = reader.ReadInt32(),
        FormatVersion = reader.ReadInt32(),
        Durability = ReadDurability(ref reader),
        Lease = LeaseTerms.ReadFrom(ref reader),
    };

    private static Durability ReadDurability(ref FrameReader reader)
    {
        Durability durability = (Durability)reader.ReadByte();
        reader.Require(durability <= Durability.UnsafeNoFlush);
        return durability;
    }
}
