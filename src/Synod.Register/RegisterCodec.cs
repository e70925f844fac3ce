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
            Check(from, to.Inbox, ref check);
        if (!check.IsComplete)
            return false;

        FrameReader reader = new(frame);
        reader.ReadByte();
        while (reader.Remaining > 0)
            Take(turn, from, ref reader, to);
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

    /// <summary>Reads the next entry of a frame, and whether the sender can have its
    /// ballot.</summary>
    private static void Check(Member from, IRegisterInbox inbox, ref FrameReader reader)
    {
        RegisterKind kind = (RegisterKind)reader.ReadByte();
        ulong key = reader.ReadUInt64();
        Ballot? own = null;
        if (kind == RegisterKind.Prepare)
            own = ReadPrepare(key, ref reader).Ballot;
        else if (kind == RegisterKind.Accept)
            own = ReadAccept(key, ref reader).Ballot;
        else if (kind == RegisterKind.Chosen)
            own = ReadBallot(ref reader);
        else
            Skip(kind, key, ref reader);
        reader.Require(own is not Ballot ballot || inbox.IsOf(from, key, ballot));
    }

    /// <summary>Reads an entry that is the sender's to send.</summary>
    internal static void Skip(RegisterKind kind, ulong key, ref FrameReader reader)
    {
        if (kind == RegisterKind.Promise)
            ReadPromise(key, ref reader);
        else if (kind == RegisterKind.Accepted)
            ReadBallot(ref reader);
        else if (kind == RegisterKind.Refused)
            ReadRefused(key, ref reader);
        else if (kind == RegisterKind.Query)
            ReadQuery(key, ref reader);
        else if (kind == RegisterKind.Answer)
            ReadAnswer(key, ref reader);
        else if (kind == RegisterKind.Compare)
            ReadCompare(key, ref reader);
        else if (kind == RegisterKind.Listing)
            ReadListing(key, ref reader);
        else
            reader.Require(false);
    }

    /// <summary>Hands on the next entry of a frame that was checked.</summary>
    private static void Take(
        in Turn turn,
        Member from,
        ref FrameReader reader,
        (IRegisterInbox Inbox, Outbox Outbox) to)
    {
        RegisterKind kind = (RegisterKind)reader.ReadByte();
        ulong key = reader.ReadUInt64();
        if (kind == RegisterKind.Prepare)
            to.Inbox.Receive(turn, from, ReadPrepare(key, ref reader), to.Outbox);
        else if (kind == RegisterKind.Promise)
            to.Inbox.Receive(turn, from, ReadPromise(key, ref reader), to.Outbox);
        else if (kind == RegisterKind.Accept)
            to.Inbox.Receive(turn, from, ReadAccept(key, ref reader), to.Outbox);
        else if (kind == RegisterKind.Accepted)
            to.Inbox.Receive(turn, from, new Accepted(key, ReadBallot(ref reader)), to.Outbox);
        else if (kind == RegisterKind.Refused)
            to.Inbox.Receive(turn, from, ReadRefused(key, ref reader), to.Outbox);
        else if (kind == RegisterKind.Chosen)
            to.Inbox.Receive(turn, from, new Chosen(key, ReadBallot(ref reader)), to.Outbox);
        else if (kind == RegisterKind.Query)
            to.Inbox.Receive(turn, from, ReadQuery(key, ref reader), to.Outbox);
        else if (kind == RegisterKind.Answer)
            to.Inbox.Receive(turn, from, ReadAnswer(key, ref reader), to.Outbox);
        else if (kind == RegisterKind.Compare)
            to.Inbox.Receive(turn, from, ReadCompare(key, ref reader), to.Outbox);
        else
            to.Inbox.Receive(turn, from, ReadListing(key, ref reader), to.Outbox);
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
