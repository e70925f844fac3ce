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

    /// <summary>Whether members acknowledge only what their own disk holds durably. Default
    /// true.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Whether a leader may serve reads under a lease. Default false.</summary>
    public bool Leases { get; init; }

    internal void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteString(Machine);
        buffer.WriteInt32(MachineVersion);
        buffer.WriteInt32(FootprintVersion);
        buffer.WriteInt32(FormatVersion);
        buffer.WriteBoolean(Durable);
        buffer.WriteBoolean(Leases);
    }

    internal static EpochParameters ReadFrom(ref FrameReader reader) => new()
    {
        Machine = reader.ReadString(),
        MachineVersion = reader.ReadInt32(),
        FootprintVersion = reader.ReadInt32(),
        FormatVersion = reader.ReadInt32(),
        Durable = reader.ReadBoolean(),
        Leases = reader.ReadBoolean(),
    };
}
