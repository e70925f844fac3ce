namespace Synod.Kernel;

/// <summary>The state of a key in a ballot, for a protocol that decides about each key for itself.
/// What the state means is for the runtime; a kernel passes it on.</summary>
public readonly ref struct KeyState : IWire
{
    /// <summary>The stable hash of the key, see <see cref="Footprint.KeyAt"/>. Keys with one hash
    /// have one state.</summary>
    public required ulong Key { get; init; }

    /// <summary>Evaluate: in which ballot the command runs. Learned: in which the state was
    /// chosen.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>The state; empty before the first.</summary>
    public required ReadOnlySpan<byte> State { get; init; }

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteUInt64(Key);
        buffer.WriteInt64(Ballot.Number);
        buffer.WriteBytes(State);
    }

    /// <summary>Reads the bytes of an Evaluate or a Learned, see <see cref="Outbox.Bytes"/>.
    /// </summary>
    public static KeyState Of(ReadOnlySpan<byte> bytes)
    {
        FrameReader reader = new(bytes);
        return new KeyState
        {
            Key = reader.ReadUInt64(),
            Ballot = new Ballot(reader.ReadInt64()),
            State = reader.ReadBytes(reader.Remaining),
        };
    }
}
