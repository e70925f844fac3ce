using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Values: written, sent, durable.</summary>
internal sealed partial class MultiPaxosAudit
{
    // What it writes is what it goes by; and only the leader of a ballot proposes in it.
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    protected override void CheckRecord(
        MultiPaxosSeat seat, in Effect effect, ReadOnlySpan<byte> body)
    {
        MultiPaxosReplica live = seat.Alive;
        FrameReader reader = new(body);
        MultiPaxosKind kind = MultiPaxosCodec.ReadHead(ref reader, out Ballot ballot);
        bool isNamed = kind == MultiPaxosKind.BallotRecord;
        if (isNamed && live.IsFull && live.Duties.Role is Following)
            Notices?.Invoke("a full disk took a value by name");
        if (kind != MultiPaxosKind.ValueRecord)
            return;

        ValueRecord value = ValueRecord.ReadFrom(ballot, ref reader);
        bool isNewest = live.Duties.Role is Leading leading
            && ballot == live.State.Promised
            && leading.Fresh < value.Slot;
        if (isNewest)
        {
            int length = effect.Command.Length;
            MultiPaxosSlotHead head = new(ballot, value.Origin, value.Kind, length);
            _ballots.Propose(value.Slot, head);
        }

        CheckWindow(seat.Member, live, value);
        Invariant.Holds(
            !isNewest
                || value.Kind == MultiPaxosValueKind.NoOp
                || live.Status.Successor is null,
            MultiPaxosRules.LeadershipTransfer,
            $"{seat.Member} takes {value} while it hands over to {live.Status.Successor}");
        Invariant.Holds(
            live.State.Slots[value.Slot].Ballot >= ballot,
            MultiPaxosRules.HighestBallotWins,
            $"{seat.Member} writes {value} and goes by a lower ballot");
    }

    // What a candidate is told of may lie further ahead.
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    private void CheckWindow(Member member, MultiPaxosReplica live, in ValueRecord value)
    {
        bool isProposal = value.Ballot == live.State.Promised;
        Invariant.Holds(
            !isProposal
                || value.Ballot == value.Origin && live.Duties.Role is MultiPaxosLeading leading
                    && value.Slot <= leading.Fresh
                || value.Slot <= live.State.Chosen + _slotsAheadMax,
            MultiPaxosRules.SlotsAheadAreBounded,
            $"{member} takes {value} and knows {live.State.Chosen} to be chosen");
    }

    // Whatever the image of the disk would allow by luck, only these may overtake the disk.
    [Rule(MultiPaxosRules.LeaderWritesInParallel)]
    protected override void CheckSend(
        MultiPaxosSeat seat, in Effect effect, ReadOnlySpan<byte> message)
    {
        FrameReader reader = new(message);
        MultiPaxosKind kind = MultiPaxosCodec.ReadHead(ref reader, out Ballot ballot);
        Invariant.Holds(
            effect.Rule is null || MayOvertake(kind),
            MultiPaxosRules.LeaderWritesInParallel,
            $"{seat.Member} sends {kind} {ballot} at once");
    }

    private static bool MayOvertake(MultiPaxosKind kind) => kind
        is MultiPaxosKind.Accept
        or MultiPaxosKind.Rest
        or MultiPaxosKind.Learn
        or MultiPaxosKind.Learned
        || LeaderCodec.MayOvertake((LeaderKind)kind);

    private void LeavesOfProposal(
        (Member From, Member Target) line,
        (MultiPaxosKind Kind, Ballot Ballot) head,
        ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        Ballot ballot = head.Ballot;
        MultiPaxosCodec.ReadHead(ref reader, out _);
        if (head.Kind is MultiPaxosKind.Accept or MultiPaxosKind.Rest)
        {
            Accept accept = _codec.ReadAccept(head, ref reader);
            _durability.Leaves(line.From, accept);
            _duties.BeginsRound(accept.Ballot, accept.Round);
            Proposes(line.From, accept, frame);
        }
        else
        {
            Accepted accepted = MultiPaxosCodec.ReadAccepted(ballot, ref reader);
            _durability.Leaves(line.From, line.Target, accepted);
        }
    }

    // What a leader sends it has proposed in its own ballot, and what it calls chosen is.
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    [Rule(MultiPaxosRules.MajorityChooses)]
    private void Proposes(Member from, in Accept message, ReadOnlySpan<byte> frame)
    {
        Invariant.Holds(
            _ballots.IsLed(message.Ballot, from)
                && _ballots.BaseOf(message.Ballot) == message.Base,
            MultiPaxosRules.OneValuePerBallot,
            $"{from} proposes in {message.Ballot} above {message.Base}");
        Invariant.Holds(
            message.Chosen <= Chosen,
            MultiPaxosRules.MajorityChooses,
            $"{from} says that {message.Chosen} is chosen; {Chosen} is");
        Invariant.Holds(
            !message.Rests || (message.Slots.IsEmpty && message.Chosen == message.Last),
            MultiPaxosRules.IdleGroupRests,
            $"{from} rests at {message.Last} and knows {message.Chosen} to be chosen");
        MeetSlots(from, message.First, message.Slots, frame[message.CommandsOffset..]);
    }

    private void MeetSlots(
        Member member,
        LogIndex first,
        ReadOnlySpan<MultiPaxosSlotHead> slots,
        ReadOnlySpan<byte> commands)
    {
        LogIndex slot = first;
        foreach (MultiPaxosSlotHead head in slots)
        {
            if (head.Kind != MultiPaxosValueKind.None)
            {
                ulong content = StableHash.Of(commands[..head.Length]);
                _ballots.Meet(member, slot, head);
                _ballots.MeetContent(member, slot, head.Ballot, content);
            }

            commands = commands[head.Length..];
            slot = slot.Next();
        }
    }

    private void Stored(
        Member member, RecordNumber number, Ballot ballot, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        MultiPaxosCodec.ReadHead(ref reader, out _);
        ValueRecord value = ValueRecord.ReadFrom(ballot, ref reader);
        _durability.Stored(member, number, value, body[reader.Position..]);
    }

    [Rule(MultiPaxosRules.OneValuePerBallot)]
    private void CheckSlots(Member member, MultiPaxosReplica replica)
    {
        MultiPaxosSlots slots = replica.State.Slots;
        for (LogIndex slot = new(1); slot <= slots.Last; slot = slot.Next())
        {
            MultiPaxosValue value = slots[slot];
            if (value.Kind != MultiPaxosValueKind.None)
                _ballots.Meet(member, slot, value.Head);
        }
    }
}
