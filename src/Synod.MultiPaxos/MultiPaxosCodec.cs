using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Bytes from and to messages. What it hands on is well-formed: a frame that is not gives
/// false and touches nothing.</summary>
internal sealed partial class MultiPaxosCodec
{
    private const byte Version = 1;
    private const long RoundMax = 1L << 58;
    private const long RoundLeapMax = 1L << 32;
    private const byte ProposedAgain = 0x80;

    public static void WriteHead(FrameBuffer buffer, MultiPaxosKind kind, Ballot ballot)
    {
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)kind);
        buffer.WriteInt64(ballot.Number);
    }

    public static MultiPaxosKind ReadHead(ref FrameReader reader, out Ballot ballot)
    {
        reader.Require(reader.ReadByte() == Version);
        MultiPaxosKind kind = (MultiPaxosKind)reader.ReadByte();
        ballot = new Ballot(reader.ReadCount());
        reader.Require(ballot.Round <= RoundMax);
        return kind;
    }

    // Hardly any value is proposed again: only then another ballot is written as its origin.
    public static void WriteKind(
        FrameBuffer buffer, Ballot ballot, Ballot origin, MultiPaxosValueKind kind)
    {
        bool isAgain = origin != ballot;
        buffer.WriteByte((byte)((byte)kind | (isAgain ? ProposedAgain : 0)));
        if (isAgain)
            buffer.WriteInt64(origin.Number);
    }

    // No value is older than no ballot, nor newer than the ballot that it is told of in.
    public static MultiPaxosValueKind ReadKind(
        Ballot ballot, ref FrameReader reader, out Ballot origin)
    {
        byte flags = reader.ReadByte();
        bool isAgain = (flags & ProposedAgain) != 0;
        MultiPaxosValueKind kind = (MultiPaxosValueKind)(flags & ~ProposedAgain);
        origin = isAgain ? new Ballot(reader.ReadCount()) : ballot;
        reader.Require(kind <= MultiPaxosValueKind.Command);
        reader.Require(!isAgain || (origin > Ballot.Zero && origin < ballot));
        reader.Require((kind == MultiPaxosValueKind.None) == (ballot == Ballot.Zero));
        return kind;
    }

    public static void WriteSlots(FrameBuffer buffer, ReadOnlySpan<MultiPaxosSlotHead> slots)
    {
        buffer.WriteInt32(slots.Length);
        foreach (MultiPaxosSlotHead slot in slots)
        {
            buffer.WriteInt64(slot.Ballot.Number);
            WriteKind(buffer, slot.Ballot, slot.Origin, slot.Kind);
            buffer.WriteInt32(slot.Length);
        }
    }

    /// <summary>Decodes, validates and hands on a frame.</summary>
    public bool TryDispatch(
        in Turn turn,
        Member from,
        ReadOnlySpan<byte> frame,
        (IMultiPaxosInbox Inbox, Outbox Outbox) to)
    {
        FrameReader reader = new(frame);
        MultiPaxosKind kind = ReadHead(ref reader, out Ballot ballot);

        // No elections get so far ahead of a member that can still hear of them; a lie must leave
        // room for the ballots that follow it.
        reader.Require(ballot.Round - to.Inbox.Promised.Round <= RoundLeapMax);
        if (LeaderCodec.Knows((byte)kind))
        {
            return LeaderCodec.TryDispatch(
                (turn, from),
                ((LeaderKind)kind, ballot),
                ref reader,
                (to.Inbox.Duties, to.Outbox));
        }

        return TryDispatch((turn, from), (kind, ballot), ref reader, to);
    }

    private bool TryDispatch(
        in (Turn Turn, Member From) when,
        (MultiPaxosKind Kind, Ballot Ballot) head,
        ref FrameReader reader,
        (IMultiPaxosInbox Inbox, Outbox Outbox) to)
    {
        switch (head.Kind)
        {
            case MultiPaxosKind.Probe:
            case MultiPaxosKind.ProbeReply:
            case MultiPaxosKind.Prepare:
            case MultiPaxosKind.Promise:
            case MultiPaxosKind.Nack:
                return TryElect(when, head, ref reader, to);
            case MultiPaxosKind.Accept:
            case MultiPaxosKind.Rest:
            case MultiPaxosKind.Accepted:
            case MultiPaxosKind.Learn:
            case MultiPaxosKind.Learned:
                return TryPropose(when, head, ref reader, to);
            case MultiPaxosKind.PromiseRecord:
            case MultiPaxosKind.ValueRecord:
            case MultiPaxosKind.BallotRecord:
            default:
                return false;
        }
    }

    private bool TryElect(
        in (Turn Turn, Member From) when,
        (MultiPaxosKind Kind, Ballot Ballot) head,
        ref FrameReader reader,
        (IMultiPaxosInbox Inbox, Outbox Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind == MultiPaxosKind.Promise)
        {
            Promise promise = ReadPromise(head.Ballot, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, promise, to.Outbox);
        }
        else if (head.Kind == MultiPaxosKind.Prepare)
        {
            Prepare prepare = ReadPrepare(head.Ballot, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, prepare, to.Outbox);
        }
        else if (head.Kind == MultiPaxosKind.Nack)
        {
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, new Nack(head.Ballot), to.Outbox);
        }
        else
        {
            return TryProbe(when, head, ref reader, to);
        }

        return reader.IsComplete;
    }

    private static bool TryProbe(
        in (Turn Turn, Member From) when,
        (MultiPaxosKind Kind, Ballot Ballot) head,
        ref FrameReader reader,
        (IMultiPaxosInbox Inbox, Outbox Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind == MultiPaxosKind.Probe)
        {
            Probe probe = ReadProbe(head.Ballot, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, probe, to.Outbox);
            return reader.IsComplete;
        }

        ProbeReply reply = ReadProbeReply(head.Ballot, ref reader);
        if (reader.IsComplete)
            to.Inbox.Receive(turn, from, reply, to.Outbox);
        return reader.IsComplete;
    }

    private bool TryPropose(
        in (Turn Turn, Member From) when,
        (MultiPaxosKind Kind, Ballot Ballot) head,
        ref FrameReader reader,
        (IMultiPaxosInbox Inbox, Outbox Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (head.Kind is MultiPaxosKind.Accept or MultiPaxosKind.Rest)
        {
            Accept accept = ReadAccept(head, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, accept, to.Outbox);
        }
        else if (head.Kind == MultiPaxosKind.Accepted)
        {
            Accepted accepted = ReadAccepted(head.Ballot, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, accepted, to.Outbox);
        }
        else if (head.Kind == MultiPaxosKind.Learn)
        {
            Learn learn = ReadLearn(head.Ballot, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, learn, to.Outbox);
        }
        else
        {
            Learned learned = ReadLearned(head.Ballot, ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, learned, to.Outbox);
        }

        return reader.IsComplete;
    }
}
