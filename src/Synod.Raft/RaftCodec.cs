using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Bytes from and to messages. What it hands on is well-formed: a frame that is not gives
/// false and touches nothing.</summary>
internal sealed class RaftCodec
{
    private const byte Version = 1;
    private const long TermMax = long.MaxValue / 2;
    private const long TermLeapMax = 1L << 32;
    private const int EntryHeadBytes = sizeof(long) + sizeof(byte) + sizeof(int);

    private RaftEntryHead[] _entries = [];

    public static void WriteHead(FrameBuffer buffer, RaftKind kind, Term term)
    {
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)kind);
        buffer.WriteInt64(term.Number);
    }

    public static RaftKind ReadHead(ref FrameReader reader, out Term term)
    {
        reader.Require(reader.ReadByte() == Version);
        RaftKind kind = (RaftKind)reader.ReadByte();
        term = new Term(reader.ReadCount());
        return kind;
    }

    public static RaftEntryKind ReadEntryKind(ref FrameReader reader)
    {
        RaftEntryKind kind = (RaftEntryKind)reader.ReadByte();
        reader.Require(kind is RaftEntryKind.NoOp or RaftEntryKind.Command);
        return kind;
    }

    /// <summary>Decodes, validates and hands on a frame.</summary>
    public bool TryDispatch(
        in Turn turn, Member from, ReadOnlySpan<byte> frame, (IRaftInbox Inbox, Outbox Outbox) to)
    {
        FrameReader reader = new(frame);
        RaftKind kind = ReadHead(ref reader, out Term term);

        // No elections get so far ahead of a member that can still hear of them; a lie must leave
        // room for the terms that follow it.
        reader.Require(
            term.Number <= TermMax && term.Number - to.Inbox.CurrentTerm.Number <= TermLeapMax);
        if (LeaderCodec.Knows((byte)kind))
        {
            return LeaderCodec.TryDispatch(
                (turn, from), ((LeaderKind)kind, term), ref reader, (to.Inbox.Duties, to.Outbox));
        }

        switch (kind)
        {
            case RaftKind.RequestVote:
            case RaftKind.VoteReply:
                return TryElect((turn, from), (kind, term), ref reader, to);
            case RaftKind.AppendEntries:
            case RaftKind.Rest:
            case RaftKind.AppendReply:
            case RaftKind.VoteRecord:
            case RaftKind.EntryRecord:
            default:
                return TryReplicate((turn, from), (kind, term), ref reader, to);
        }
    }

    private static bool TryElect(
        in (Turn Turn, Member From) when,
        (RaftKind Kind, Term Term) head,
        ref FrameReader reader,
        (IRaftInbox Inbox, Outbox Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind == RaftKind.RequestVote)
        {
            RequestVote request = ReadRequestVote(head.Term, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, request, to.Outbox);
            return reader.IsComplete;
        }

        VoteReply vote = ReadVoteReply(head.Term, ref reader);
        if (reader.IsComplete)
            to.Inbox.Receive(turn, from, vote, to.Outbox);
        return reader.IsComplete;
    }

    private bool TryReplicate(
        in (Turn Turn, Member From) when,
        (RaftKind Kind, Term Term) head,
        ref FrameReader reader,
        (IRaftInbox Inbox, Outbox Outbox) to)
    {
        (Turn turn, Member from) = when;
        switch (head.Kind)
        {
            case RaftKind.AppendEntries:
            case RaftKind.Rest:
                AppendEntries append = ReadAppendEntries(head, ref reader);
                if (reader.IsComplete)
                    to.Inbox.Receive(turn, from, append, to.Outbox);
                return reader.IsComplete;
            case RaftKind.AppendReply:
                AppendReply reply = ReadAppendReply(head.Term, ref reader);
                if (reader.IsComplete)
                    to.Inbox.Receive(turn, from, reply, to.Outbox);
                return reader.IsComplete;
            case RaftKind.RequestVote:
            case RaftKind.VoteReply:
            case RaftKind.VoteRecord:
            case RaftKind.EntryRecord:
            default:
                return false;
        }
    }

    /// <summary>A message, for traces.</summary>
    public string Describe(ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        RaftKind kind = ReadHead(ref reader, out Term term);
        if (LeaderCodec.Knows((byte)kind))
            return LeaderCodec.Describe(((LeaderKind)kind, term), ref reader);
        if (!Enum.IsDefined(kind))
            return $"{frame.Length} bytes of no known kind";

        return kind switch
        {
            RaftKind.RequestVote => ReadRequestVote(term, ref reader).ToString(),
            RaftKind.VoteReply => ReadVoteReply(term, ref reader).ToString(),
            RaftKind.AppendEntries or RaftKind.Rest =>
                ReadAppendEntries((kind, term), ref reader, hasCommands: false).ToString(),
            RaftKind.AppendReply => ReadAppendReply(term, ref reader).ToString(),
            RaftKind.VoteRecord => VoteRecord.ReadFrom(term, ref reader).ToString(),
            RaftKind.EntryRecord => EntryRecord.ReadFrom(term, ref reader).ToString(),
        };
    }

    public static RequestVote ReadRequestVote(Term term, ref FrameReader reader) => new(
        term,
        new LogIndex(reader.ReadCount()),
        new Term(reader.ReadCount()),
        reader.ReadBoolean(),
        reader.ReadCount());

    public static VoteReply ReadVoteReply(Term term, ref FrameReader reader) =>
        new(term, reader.ReadBoolean(), reader.ReadBoolean());

    public static AppendReply ReadAppendReply(Term term, ref FrameReader reader) => new(
        term,
        reader.ReadBoolean(),
        new LogIndex(reader.ReadCount()),
        new LogIndex(reader.ReadCount()),
        new Term(reader.ReadCount()),
        reader.ReadCount(),
        reader.ReadCount(),
        DamageNumber.ReadHealth(ref reader));

    public AppendEntries ReadAppendEntries(
        in (RaftKind Kind, Term Term) head, ref FrameReader reader, bool hasCommands = true)
    {
        LogIndex previousIndex = new(reader.ReadCount());
        Term previousTerm = new(reader.ReadCount());
        LogIndex commit = new(reader.ReadCount());
        long round = reader.ReadCount();
        long transfersOver = reader.ReadCount();
        long damage = reader.ReadCount();
        LogIndex last = new(reader.ReadCount());
        int count = ReadEntries(ref reader, previousTerm, head.Term);
        reader.Require(count == 0 || head.Kind == RaftKind.AppendEntries);
        int commandsOffset = reader.Position;
        for (int position = 0; hasCommands && position < count; position++)
            reader.ReadBytes(_entries[position].Length);

        return new AppendEntries
        {
            Term = head.Term,
            PreviousIndex = previousIndex,
            PreviousTerm = previousTerm,
            Commit = commit,
            Round = round,
            Rests = head.Kind == RaftKind.Rest,
            TransfersOver = transfersOver,
            Damage = damage,
            Last = last,
            Entries = _entries.AsSpan(0, count),
            CommandsOffset = commandsOffset,
        };
    }

    // Terms in a log never fall and never exceed the term of the leader that sends it: anything
    // else is not the log of a correct leader.
    private int ReadEntries(ref FrameReader reader, Term previous, Term newest)
    {
        int count = reader.ReadInt32();
        reader.Require(count >= 0 && count <= reader.Remaining / EntryHeadBytes);
        reader.Require(count <= RaftOptions.EntriesPerMessageLimit);
        if (!reader.IsValid)
            return 0;

        if (_entries.Length < count)
            _entries = new RaftEntryHead[Math.Max(count, _entries.Length * 2)];
        for (int position = 0; position < count; position++)
        {
            Term term = new(reader.ReadCount());
            RaftEntryKind kind = ReadEntryKind(ref reader);
            int length = reader.ReadInt32();
            reader.Require(length >= 0 && previous <= term && term <= newest);
            _entries[position] = new RaftEntryHead(term, kind, length);
            previous = term;
        }

        return reader.IsValid ? count : 0;
    }
}
