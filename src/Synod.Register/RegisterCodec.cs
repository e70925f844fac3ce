using System.Text;
using Synod.Kernel;

namespace Synod.Register;

/// <summary>Bytes from and to messages. A frame is a version and entries to its end; one that is
/// not well-formed to its last byte gives false and touches nothing.</summary>
internal static class RegisterCodec
{
    public const byte Version = 1;

    /// <summary>What a key takes in a listing.</summary>
    public const int ListedBytes = 16;

    private const long RoundMax = 1L << 48;

    public static void WriteHead(FrameBuffer buffer, RegisterKind kind, ulong key)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte((byte)kind);
        buffer.WriteUInt64(key);
    }

    public static void WriteRecordHead(FrameBuffer buffer, RegisterKind kind)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)kind);
    }

    public static RegisterKind ReadRecordHead(ref FrameReader reader)
    {
        reader.Require(reader.ReadByte() == Version);
        return (RegisterKind)reader.ReadByte();
    }

    public static Ballot ReadBallot(ref FrameReader reader) => ReadBallot(ref reader, RoundMax);

    /// <summary>Of a record, which may go on from the highest ballot that others can tell of: what
    /// they say must not make a log that no later life can read.</summary>
    public static Ballot ReadRecordedBallot(ref FrameReader reader) =>
        ReadBallot(ref reader, 2 * RoundMax);

    private static Ballot ReadBallot(ref FrameReader reader, long roundMax)
    {
        Ballot ballot = new(reader.ReadCount());
        reader.Require(ballot.Round <= roundMax);
        return ballot;
    }

    /// <summary>Decodes and validates a frame, and hands on its entries one by one.</summary>
    public static bool TryDispatch(
        in Turn turn,
        Member from,
        ReadOnlySpan<byte> frame,
        (IRegisterInbox Inbox, Outbox Outbox) to)
    {
        FrameReader check = new(frame);
        bool isVersion = check.ReadByte() == Version;
        check.Require(isVersion && check.Remaining > 0);
        while (check.IsValid && check.Remaining > 0)
            Take((turn, from), ref check, (to.Inbox, null));
        if (!check.IsComplete)
            return false;

        FrameReader reader = new(frame);
        reader.ReadByte();
        while (reader.Remaining > 0)
            Take((turn, from), ref reader, (to.Inbox, to.Outbox));
        return true;
    }

    /// <summary>A frame or a record as one line of trace text.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        FrameReader reader = new(bytes);
        reader.Require(reader.ReadByte() == Version);
        StringBuilder text = new();
        while (reader.IsValid && reader.Remaining > 0)
        {
            text.Append(text.Length > 0 ? ", " : "");
            text.Append(
                (RegisterKind)bytes[reader.Position] >= RegisterKind.StateRecord
                    ? DescribeRecord(ref reader)
                    : DescribeEntry(ref reader));
        }

        return reader.IsComplete ? text.ToString() : $"{bytes.Length} bytes that are none";
    }

    /// <summary>Reads the next entry of a frame; hands it on if there is an outbox.</summary>
    private static void Take(
        in (Turn Turn, Member From) when,
        ref FrameReader reader,
        (IRegisterInbox Inbox, Outbox? Outbox) to)
    {
        RegisterKind kind = (RegisterKind)reader.ReadByte();
        ulong key = reader.ReadUInt64();
        switch (kind)
        {
            case RegisterKind.Prepare:
            case RegisterKind.Promise:
            case RegisterKind.Refused:
                TakeFirst(when, (kind, key), ref reader, to);
                break;
            case RegisterKind.Accept:
            case RegisterKind.Accepted:
            case RegisterKind.Chosen:
                TakeSecond(when, (kind, key), ref reader, to);
                break;
            case RegisterKind.Query:
            case RegisterKind.Answer:
                TakeRead(when, (kind, key), ref reader, to);
                break;
            case RegisterKind.Compare:
            case RegisterKind.Listing:
                TakeComparison(when, (kind, key), ref reader, to);
                break;
            case RegisterKind.StateRecord:
            case RegisterKind.PromisedRecord:
            case RegisterKind.AcceptedRecord:
            case RegisterKind.ChosenRecord:
            case RegisterKind.KeyRecord:
            default:
                reader.Require(false);
                break;
        }
    }

    private static void TakeFirst(
        in (Turn Turn, Member From) when,
        (RegisterKind Kind, ulong Key) head,
        ref FrameReader reader,
        (IRegisterInbox Inbox, Outbox? Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind == RegisterKind.Prepare)
        {
            Prepare message = ReadPrepare(head.Key, ref reader);
            reader.Require(to.Inbox.IsOf(from, head.Key, message.Ballot));
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (head.Kind == RegisterKind.Promise)
        {
            Promise message = ReadPromise(head.Key, ref reader);
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Refused message = ReadRefused(head.Key, ref reader);
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
    }

    private static void TakeSecond(
        in (Turn Turn, Member From) when,
        (RegisterKind Kind, ulong Key) head,
        ref FrameReader reader,
        (IRegisterInbox Inbox, Outbox? Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind == RegisterKind.Accept)
        {
            Accept message = ReadAccept(head.Key, ref reader);
            reader.Require(to.Inbox.IsOf(from, head.Key, message.Ballot));
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (head.Kind == RegisterKind.Accepted)
        {
            Accepted message = new(head.Key, ReadBallot(ref reader));
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Chosen message = new(head.Key, ReadBallot(ref reader));
            reader.Require(to.Inbox.IsOf(from, head.Key, message.Ballot));
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
    }

    private static void TakeRead(
        in (Turn Turn, Member From) when,
        (RegisterKind Kind, ulong Key) head,
        ref FrameReader reader,
        (IRegisterInbox Inbox, Outbox? Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind == RegisterKind.Query)
        {
            Query message = ReadQuery(head.Key, ref reader);
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Answer message = ReadAnswer(head.Key, ref reader);
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
    }

    private static void TakeComparison(
        in (Turn Turn, Member From) when,
        (RegisterKind Kind, ulong Place) head,
        ref FrameReader reader,
        (IRegisterInbox Inbox, Outbox? Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind == RegisterKind.Compare)
        {
            Compare message = ReadCompare(head.Place, ref reader);
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Listing message = ReadListing(head.Place, ref reader);
            if (to.Outbox is not null)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
    }

    internal static Compare ReadCompare(ulong first, ref FrameReader reader)
    {
        reader.Require(first < RegisterState.Parts);
        return new Compare
        {
            First = reader.IsValid ? (int)first : 0,
            Ticket = RegisterTicket.ReadFrom(ref reader),
            Sums = reader.ReadBytes(RegisterState.Parts * sizeof(ulong)),
        };
    }

    internal static Listing ReadListing(ulong next, ref FrameReader reader)
    {
        reader.Require(next <= RegisterState.Parts);
        RegisterTicket ticket = RegisterTicket.ReadFrom(ref reader);
        ReadOnlySpan<byte> entries = reader.ReadSized();
        reader.Require(entries.Length % ListedBytes == 0);
        FrameReader each = new(entries);
        while (each.IsValid && each.Remaining > 0)
        {
            each.ReadUInt64();
            ReadBallot(ref each);
        }

        reader.Require(each.IsValid);
        return new Listing
        {
            Next = reader.IsValid ? (int)next : 0,
            Ticket = ticket,
            Entries = entries,
        };
    }

    internal static Prepare ReadPrepare(ulong key, ref FrameReader reader) =>
        new(key, ReadBallot(ref reader)) { Have = ReadBallot(ref reader) };

    internal static Promise ReadPromise(ulong key, ref FrameReader reader) => new()
    {
        Key = key,
        Ballot = ReadBallot(ref reader),
        Vote = RegisterVote.ReadFrom(ref reader),
    };

    internal static Accept ReadAccept(ulong key, ref FrameReader reader) => new()
    {
        Key = key,
        Ballot = ReadBallot(ref reader),
        State = reader.ReadSized(),
    };

    internal static Refused ReadRefused(ulong key, ref FrameReader reader) =>
        new(key, ReadBallot(ref reader), ReadBallot(ref reader));

    internal static Query ReadQuery(ulong key, ref FrameReader reader) =>
        new(key, RegisterTicket.ReadFrom(ref reader)) { Have = ReadBallot(ref reader) };

    internal static Answer ReadAnswer(ulong key, ref FrameReader reader) => new()
    {
        Key = key,
        Ticket = RegisterTicket.ReadFrom(ref reader),
        IsChosen = reader.ReadBoolean(),
        Vote = RegisterVote.ReadFrom(ref reader),
    };

    private static string DescribeEntry(ref FrameReader reader)
    {
        RegisterKind kind = (RegisterKind)reader.ReadByte();
        ulong key = reader.ReadUInt64();
        switch (kind)
        {
            case RegisterKind.Prepare:
                return $"{ReadPrepare(key, ref reader)}";
            case RegisterKind.Promise:
                return ReadPromise(key, ref reader).ToString();
            case RegisterKind.Accept:
                return ReadAccept(key, ref reader).ToString();
            case RegisterKind.Accepted:
                return $"{new Accepted(key, ReadBallot(ref reader))}";
            case RegisterKind.Refused:
                return $"{ReadRefused(key, ref reader)}";
            case RegisterKind.Chosen:
                return $"{new Chosen(key, ReadBallot(ref reader))}";
            case RegisterKind.Query:
                return $"{ReadQuery(key, ref reader)}";
            case RegisterKind.Answer:
                return ReadAnswer(key, ref reader).ToString();
            case RegisterKind.Compare:
                return ReadCompare(key, ref reader).ToString();
            case RegisterKind.Listing:
                return ReadListing(key, ref reader).ToString();
            case RegisterKind.StateRecord:
            case RegisterKind.PromisedRecord:
            case RegisterKind.AcceptedRecord:
            case RegisterKind.ChosenRecord:
            case RegisterKind.KeyRecord:
            default:
                reader.Require(false);
                return "";
        }
    }

    private static string DescribeRecord(ref FrameReader reader)
    {
        switch ((RegisterKind)reader.ReadByte())
        {
            case RegisterKind.StateRecord:
                return $"{StateRecord.ReadFrom(ref reader)}";
            case RegisterKind.PromisedRecord:
                return $"{PromisedRecord.ReadFrom(ref reader)}";
            case RegisterKind.AcceptedRecord:
                return AcceptedRecord.ReadFrom(ref reader).ToString();
            case RegisterKind.ChosenRecord:
                return $"{ChosenRecord.ReadFrom(ref reader)}";
            case RegisterKind.KeyRecord:
                return KeyRecord.ReadFrom(ref reader).ToString();
            default:
                reader.Require(false);
                return "";
        }
    }
}
