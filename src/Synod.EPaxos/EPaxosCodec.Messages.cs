using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Message by message.</summary>
internal static partial class EPaxosCodec
{
    public static PreAccept ReadPreAccept(ref FrameReader reader, Payload? apart = null)
    {
        PreAccept message = new()
        {
            Id = InstanceId.ReadFrom(ref reader),
            Value = EPaxosValue.ReadFrom(ref reader),
            Initial = EPaxosCover.ReadFrom(ref reader),
        };
        return message with { Command = ReadCommand(message.Value, ref reader, apart) };
    }

    public static PreAcceptOk ReadPreAcceptOk(ref FrameReader reader) => new()
    {
        Id = InstanceId.ReadFrom(ref reader),
        Dep = EPaxosCover.ReadFrom(ref reader),
    };

    public static Accept ReadAccept(ref FrameReader reader, Payload? apart = null)
    {
        Accept message = new()
        {
            Id = InstanceId.ReadFrom(ref reader),
            Ballot = ReadBallot(ref reader),
            Value = EPaxosValue.ReadFrom(ref reader),
            Dep = EPaxosCover.ReadFrom(ref reader),
        };
        return message with { Command = ReadCommand(message.Value, ref reader, apart) };
    }

    public static AcceptOk ReadAcceptOk(ref FrameReader reader) => new()
    {
        Id = InstanceId.ReadFrom(ref reader),
        Ballot = ReadBallot(ref reader),
    };

    public static Commit ReadCommit(ref FrameReader reader, Payload? apart = null)
    {
        Commit message = new()
        {
            Id = InstanceId.ReadFrom(ref reader),
            Ballot = ReadBallot(ref reader),
            Value = EPaxosValue.ReadFrom(ref reader),
            Dep = EPaxosCover.ReadFrom(ref reader),
        };
        return message with { Command = ReadCommand(message.Value, ref reader, apart) };
    }

    public static Recover ReadRecover(ref FrameReader reader) => new()
    {
        Id = InstanceId.ReadFrom(ref reader),
        Ballot = ReadBallot(ref reader),
    };

    public static RecoverOk ReadRecoverOk(ref FrameReader reader)
    {
        RecoverOk message = new()
        {
            Id = InstanceId.ReadFrom(ref reader),
            Ballot = ReadBallot(ref reader),
            AcceptedIn = ReadBallot(ref reader),
            Phase = ReadPhase(ref reader),
            Value = EPaxosValue.ReadFrom(ref reader),
            Dep = EPaxosCover.ReadFrom(ref reader),
            Initial = EPaxosCover.ReadFrom(ref reader),
        };
        return message with { Command = ReadCommand(message.Value, ref reader) };
    }

    public static Validate ReadValidate(ref FrameReader reader)
    {
        Validate message = new()
        {
            Id = InstanceId.ReadFrom(ref reader),
            Ballot = ReadBallot(ref reader),
            Value = EPaxosValue.ReadFrom(ref reader),
            Initial = EPaxosCover.ReadFrom(ref reader),
        };
        return message with { Command = ReadCommand(message.Value, ref reader) };
    }

    public static ValidateOk ReadValidateOk(ref FrameReader reader) => new()
    {
        Id = InstanceId.ReadFrom(ref reader),
        Ballot = ReadBallot(ref reader),
        Uncovered = ReadUncovered(ref reader),
    };

    public static Waiting ReadWaiting(ref FrameReader reader) => new()
    {
        Id = InstanceId.ReadFrom(ref reader),
        Count = reader.ReadByte(),
    };

    public static TryRecover ReadTryRecover(ref FrameReader reader) =>
        new() { Id = InstanceId.ReadFrom(ref reader) };

    public static Nack ReadNack(ref FrameReader reader) => new()
    {
        Id = InstanceId.ReadFrom(ref reader),
        Ballot = ReadBallot(ref reader),
    };

    public static Frontier ReadFrontier(ref FrameReader reader) => new(
        EPaxosCover.ReadFrom(ref reader),
        EPaxosCover.ReadFrom(ref reader),
        reader.ReadInt64(),
        reader.ReadBoolean());

    public static FetchCommitted ReadFetchCommitted(ref FrameReader reader) =>
        new(ReadRanges(ref reader, SlotRange.CountMax));

    public static Gather ReadGather(ref FrameReader reader) => new()
    {
        Ticket = GatherTicket.ReadFrom(ref reader),
        Footprint = Footprint.ReadFrom(ref reader),
    };

    public static Saved ReadSaved(ref FrameReader reader) =>
        new(EPaxosCover.ReadFrom(ref reader));

    public static Truncated ReadTruncated(ref FrameReader reader) =>
        new(EPaxosCover.ReadFrom(ref reader));

    public static AskUsed ReadAskUsed(ref FrameReader reader) =>
        new(GatherTicket.ReadFrom(ref reader));

    public static Used ReadUsed(ref FrameReader reader) =>
        new(GatherTicket.ReadFrom(ref reader), reader.ReadCount());

    public static Gathered ReadGathered(ref FrameReader reader) => new()
    {
        Ticket = GatherTicket.ReadFrom(ref reader),
        Conflicts = EPaxosCover.ReadFrom(ref reader),
    };
}
