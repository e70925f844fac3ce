using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Record: all of the small durable state.</summary>
/// <param name="Reserved">Up to here the own slots may have been used.</param>
/// <param name="Health">What is left of its voice. Damaged: records were lost, and what was
/// promised is not known any more. Voiceless: nor is it known which slots were used.</param>
internal readonly record struct StateRecord(
    long Reserved, KernelHealth Health = KernelHealth.Whole) : IWire
{
    /// <summary>What a durable snapshot of the member has in it.</summary>
    public EPaxosCover Saved { get; init; }

    /// <summary>What of that it has forgotten.</summary>
    public EPaxosCover Truncated { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.StateRecord);
        buffer.WriteInt64(Reserved);
        buffer.WriteByte((byte)Health);
        Saved.WriteTo(buffer);
        Truncated.WriteTo(buffer);
    }

    public static StateRecord ReadFrom(ref FrameReader reader)
    {
        StateRecord state = new(reader.ReadCount(), (KernelHealth)reader.ReadByte())
        {
            Saved = EPaxosCover.ReadFrom(ref reader),
            Truncated = EPaxosCover.ReadFrom(ref reader),
        };
        reader.Require(state.Health <= KernelHealth.Voiceless);
        return state;
    }

    public override string ToString() => $"reserved {Reserved}"
        + (Health == KernelHealth.Whole ? "" : $", {Health}".ToLowerInvariant())
        + (Saved.IsEmpty ? "" : $", saved {Saved}")
        + (Truncated.IsEmpty ? "" : $", truncated {Truncated}");
}

/// <summary>Record: what is truncated, by key; see <see cref="EPaxosConflicts"/>.</summary>
/// <param name="Page">A part of it.</param>
internal readonly record struct TruncatedRecord(EPaxosConflictsPage Page) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.TruncatedRecord);
        Page.WriteTo(buffer);
    }

    public static TruncatedRecord ReadFrom(ref FrameReader reader) =>
        new(EPaxosConflictsPage.ReadFrom(ref reader));

    public override string ToString() => $"truncated, {Page.Keys.Count} keys";
}

/// <summary>Record: the lost records that are of no account any more. What they told of is
/// decided.</summary>
/// <param name="Lost">Which; numbers of the same member.</param>
internal readonly record struct RepairedRecord(
    IReadOnlyList<(RecordNumber From, RecordNumber Through)> Lost) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.RepairedRecord);
        buffer.WriteInt32(Lost.Count);
        foreach ((RecordNumber from, RecordNumber through) in Lost)
        {
            buffer.WriteInt64(from.Number);
            buffer.WriteInt64(through.Number);
        }
    }

    public static RepairedRecord ReadFrom(ref FrameReader reader)
    {
        int count = reader.ReadInt32();
        reader.Require(count >= 0 && count <= reader.Remaining / (2 * sizeof(long)));
        (RecordNumber, RecordNumber)[] lost =
            new (RecordNumber, RecordNumber)[reader.IsValid ? count : 0];
        for (int place = 0; place < lost.Length; place++)
        {
            RecordNumber from = new(reader.ReadCount());
            lost[place] = (from, new RecordNumber(reader.ReadCount()));
        }

        return new RepairedRecord(lost);
    }

    public override string ToString() => "repaired "
        + string.Join(", ", Lost.Select(static one => $"{one.From} to {one.Through}"));
}

/// <summary>Record: a command that is not proposed yet; it follows.</summary>
internal readonly record struct HeldRecord : IWire
{
    public void WriteTo(FrameBuffer buffer) =>
        EPaxosCodec.WriteHead(buffer, EPaxosKind.HeldRecord);

    public override string ToString() => "held";
}

/// <summary>Record: something has happened to an instance. Of the parts below a kind has those that
/// it needs; the others are empty.</summary>
internal readonly record struct InstanceRecord : IWire
{
    /// <summary>What has happened.</summary>
    public required EPaxosKind Kind { get; init; }

    public required InstanceId Id { get; init; }

    public Ballot Ballot { get; init; }

    /// <summary>What it holds. Its command follows if it is carried; if not it is where
    /// <see cref="Command"/> says.</summary>
    public EPaxosValue Value { get; init; }

    /// <summary>In which older records of the same member the commands are.</summary>
    public EPaxosCommands Command { get; init; }

    public EPaxosCover Initial { get; init; }

    public EPaxosCover Dep { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, Kind);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
        if (Kind == EPaxosKind.PromisedRecord)
            return;

        Value.WriteTo(buffer);
        WriteCommand(buffer);
        Dep.WriteTo(buffer);
        if (Kind == EPaxosKind.PreAcceptedRecord)
            Initial.WriteTo(buffer);
    }

    public static InstanceRecord ReadFrom(EPaxosKind kind, ref FrameReader reader)
    {
        InstanceRecord head = new()
        {
            Kind = kind,
            Id = InstanceId.ReadFrom(ref reader),
            Ballot = EPaxosCodec.ReadBallot(ref reader),
        };
        if (kind == EPaxosKind.PromisedRecord)
            return head;

        EPaxosValue value = EPaxosValue.ReadFrom(ref reader);
        EPaxosCommands command = ReadCommand(value, ref reader);
        EPaxosCover dep = EPaxosCover.ReadFrom(ref reader);
        bool hasInitial = kind == EPaxosKind.PreAcceptedRecord;
        return head with
        {
            Value = value,
            Command = command,
            Dep = dep,
            Initial = hasInitial ? EPaxosCover.ReadFrom(ref reader) : default,
        };
    }

    public override string ToString() => Kind switch
    {
        EPaxosKind.PreAcceptedRecord => $"pre-accepted {Id} {Value} dep {Dep} of {Initial}{Keys}",
        EPaxosKind.AcceptedRecord => $"accepted {Id} {Ballot} {Value} dep {Dep}{Keys}",
        EPaxosKind.PromisedRecord => $"promised {Id} {Ballot}",
        EPaxosKind.ValidatedRecord => $"validated {Id} {Ballot} {Value} dep {Dep}{Keys}",
        EPaxosKind.CommittedRecord => $"committed {Id} {Ballot} {Value} dep {Dep}{Keys}",
        _ => $"learned {Id} {Value}{Keys}",
    };

    private string Keys => Value.IsSubmitted ? $" touches {Value.Footprint}" : "";

    private bool IsElsewhere => Value is { Length: > 0, IsCarried: false };

    private void WriteCommand(FrameBuffer buffer)
    {
        if (!IsElsewhere)
            return;

        buffer.WriteByte((byte)Command.Count);
        for (int place = 0; place < Command.Count; place++)
        {
            buffer.WriteInt64(Command.PlaceAt(place).Record.Number);
            buffer.WriteInt32(Command.PlaceAt(place).Offset);
        }
    }

    private static EPaxosCommands ReadCommand(in EPaxosValue value, ref FrameReader reader)
    {
        if (value is not { Length: > 0, IsCarried: false })
            return default;

        int count = reader.ReadByte();
        if (count == 1)
            return ReadPlace(value.Length, ref reader);

        reader.Require(count == value.Parts?.Length);
        Payload[] places = new Payload[reader.IsValid ? count : 0];
        for (int place = 0; place < places.Length; place++)
            places[place] = ReadPlace(value.Parts?[place] ?? 0, ref reader);
        return new EPaxosCommands(default, places);
    }

    private static Payload ReadPlace(int length, ref FrameReader reader)
    {
        RecordNumber record = new(reader.ReadCount());
        int offset = reader.ReadInt32();
        reader.Require(record.Number > 0 && offset >= 0);
        return Payload.Logged(record, offset, length);
    }
}
