using Synod.Kernel;

namespace Synod.Register;

/// <summary>Record: all of the small durable state.</summary>
/// <param name="Rounds">Up to here the own rounds may have been used, of whichever key.</param>
/// <param name="IsVoiceless">Whether records were lost: what was promised is not known any
/// more.</param>
internal readonly record struct StateRecord(long Rounds, bool IsVoiceless) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteRecordHead(buffer, RegisterKind.StateRecord);
        buffer.WriteInt64(Rounds);
        buffer.WriteBoolean(IsVoiceless);
    }

    public static StateRecord ReadFrom(ref FrameReader reader) =>
        new(reader.ReadCount(), reader.ReadBoolean());

    public override string ToString() =>
        $"rounds {Rounds}" + (IsVoiceless ? ", voiceless" : "");
}

/// <summary>Record: a ballot of a key is promised.</summary>
internal readonly record struct PromisedRecord(ulong Key, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteRecordHead(buffer, RegisterKind.PromisedRecord);
        buffer.WriteUInt64(Key);
        buffer.WriteInt64(Ballot.Number);
    }

    public static PromisedRecord ReadFrom(ref FrameReader reader) =>
        new(reader.ReadUInt64(), RegisterCodec.ReadRecordedBallot(ref reader));

    public override string ToString() => $"k{Key:x} promised {Ballot}";
}

/// <summary>Record: a state of a key is accepted in a ballot.</summary>
internal readonly ref struct AcceptedRecord : IWire
{
    public required ulong Key { get; init; }

    public required Ballot Ballot { get; init; }

    public required ReadOnlySpan<byte> State { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteRecordHead(buffer, RegisterKind.AcceptedRecord);
        buffer.WriteUInt64(Key);
        buffer.WriteInt64(Ballot.Number);
        buffer.WriteBytes(State);
    }

    public static AcceptedRecord ReadFrom(ref FrameReader reader) => new()
    {
        Key = reader.ReadUInt64(),
        Ballot = RegisterCodec.ReadRecordedBallot(ref reader),
        State = reader.ReadBytes(reader.Remaining),
    };

    public override string ToString() => $"k{Key:x} accepted {Ballot} [{State.Length}]";
}

/// <summary>Record: all that an acceptor holds for a key. The older records of the key are not
/// needed any more.</summary>
internal readonly ref struct KeyRecord : IWire
{
    public required ulong Key { get; init; }

    public required Ballot Promised { get; init; }

    /// <summary>In which ballot it has accepted last; zero if it has accepted nothing.</summary>
    public required Ballot AcceptedIn { get; init; }

    /// <summary>Whether that is known to be chosen.</summary>
    public required bool IsChosen { get; init; }

    public required ReadOnlySpan<byte> State { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteRecordHead(buffer, RegisterKind.KeyRecord);
        buffer.WriteUInt64(Key);
        buffer.WriteInt64(Promised.Number);
        buffer.WriteInt64(AcceptedIn.Number);
        buffer.WriteBoolean(IsChosen);
        buffer.WriteBytes(State);
    }

    public static KeyRecord ReadFrom(ref FrameReader reader) => new()
    {
        Key = reader.ReadUInt64(),
        Promised = RegisterCodec.ReadRecordedBallot(ref reader),
        AcceptedIn = RegisterCodec.ReadRecordedBallot(ref reader),
        IsChosen = reader.ReadBoolean(),
        State = reader.ReadBytes(reader.Remaining),
    };

    public override string ToString() =>
        $"k{Key:x} promised {Promised} accepted {AcceptedIn} [{State.Length}]"
        + (IsChosen ? " chosen" : "");
}

/// <summary>Record: what was accepted in a ballot is known to be chosen. Nothing rests on it but
/// that a later life can say so without asking.</summary>
internal readonly record struct ChosenRecord(ulong Key, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteRecordHead(buffer, RegisterKind.ChosenRecord);
        buffer.WriteUInt64(Key);
        buffer.WriteInt64(Ballot.Number);
    }

    public static ChosenRecord ReadFrom(ref FrameReader reader) =>
        new(reader.ReadUInt64(), RegisterCodec.ReadRecordedBallot(ref reader));

    public override string ToString() => $"k{Key:x} chosen {Ballot}";
}
