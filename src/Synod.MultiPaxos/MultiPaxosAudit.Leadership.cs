using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Promises and leaders.</summary>
internal sealed partial class MultiPaxosAudit
{
    // How far the pages of a promise reach that have left, one behind the other.
    private readonly Dictionary<(Member Acceptor, Ballot Ballot), LogIndex> _told = [];
    private readonly Dictionary<Ballot, MemberSet> _promised = [];
    private readonly MultiPaxosReports _reports = new();
    private readonly HashSet<(Member Target, Ballot Reign, long Transfer)> _timeouts = [];

    [Rule(MultiPaxosRules.PromisesGrow)]
    private void CheckRole(MultiPaxosSeat seat, MultiPaxosReplica live)
    {
        Ballot promised = live.State.Promised;
        Invariant.Holds(
            seat.Promised <= promised,
            MultiPaxosRules.PromisesGrow,
            $"{seat.Member} goes from {seat.Promised} to {promised}");
        bool isNew = seat.Role != KernelRole.Leading || seat.Promised != promised;
        if (!isNew || live.Duties.Role is not MultiPaxosLeading leading)
            return;

        CheckNewLeader(seat.Member, live.State, leading);
        if (live.IsFull && leading.Base < leading.Fresh)
            Notices?.Invoke("a leader with a full disk proposed again");
    }

    [Rule(MultiPaxosRules.MajorityElects)]
    [Rule(MultiPaxosRules.HolesAreFilled)]
    private void CheckNewLeader(
        Member leader, MultiPaxosState state, MultiPaxosLeading leading)
    {
        Ballot ballot = state.Promised;
        _ballots.Begin(ballot, leading.Base);
        MemberSet promised = _promised.GetValueOrDefault(ballot);
        if (_durability.HasPromised(leader, ballot))
            promised = promised.With(leader);
        Invariant.Holds(
            ballot.Proposer == leader
                && Epoch.Quorums.IsMajority(leading.ElectedBy)
                && leading.ElectedBy.Except(promised).IsEmpty,
            MultiPaxosRules.MajorityElects,
            $"{leader} leads {ballot} by {leading.ElectedBy} with the promises of {promised}");
        Invariant.Holds(
            Chosen <= state.Slots.Last,
            MultiPaxosRules.PromiseReportsAll,
            $"{leader} leads {ballot} up to {state.Slots.Last}; {Chosen} is chosen");
        LogIndex told = _reports.LastOf(leading.ElectedBy, ballot);
        Invariant.Holds(
            told <= leading.Fresh,
            MultiPaxosRules.HolesAreFilled,
            $"{leader} was told of {told} and takes what is above {leading.Fresh} for free");
        for (LogIndex slot = leading.Base.Next(); slot <= leading.Fresh; slot = slot.Next())
        {
            MultiPaxosValue value = state.Slots[slot];
            Invariant.Holds(
                value.Ballot == ballot,
                MultiPaxosRules.HolesAreFilled,
                $"{leader} leads {ballot} and leaves {slot} in {value.Ballot}");
            CheckFirst(leader, slot, (value.Head, leading.ElectedBy));
            _ballots.Propose(slot, value.Head);
        }

        _reports.Forget(ballot);
    }

    // Any proposal that is as high as the highest that its majority told of, and itself. Others may
    // have told of a higher one as well.
    [Rule(MultiPaxosRules.HighestBallotWins)]
    [Rule(MultiPaxosRules.HolesAreFilled)]
    private void CheckFirst(
        Member leader, LogIndex slot, (MultiPaxosSlotHead Head, MemberSet Majority) proposed)
    {
        (MultiPaxosSlotHead head, MemberSet majority) = proposed;
        Ballot told = _reports.HighestOf(majority, slot, head.Ballot);
        Ballot own = _durability.AcceptedBy(leader, slot);
        Ballot highest = own > told ? own : told;
        bool isNew = head.Origin == head.Ballot;
        Invariant.Holds(
            !isNew || (head.Kind == MultiPaxosValueKind.NoOp && highest == Ballot.Zero),
            MultiPaxosRules.HolesAreFilled,
            $"{leader} proposes a new {head.Kind} in {slot}, of which {highest} was told");
        Invariant.Holds(
            isNew || _ballots.IsProposed(slot, head.Origin, (highest, head.Ballot)),
            MultiPaxosRules.HighestBallotWins,
            $"{leader} proposes the value of {head.Origin} in {slot}, and was told of {highest}");
    }

    private void LeavesOfLeadership(
        (Member From, Member Target) line,
        (MultiPaxosKind Kind, Ballot Ballot) head,
        ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        Ballot ballot = head.Ballot;
        MultiPaxosCodec.ReadHead(ref reader, out _);
        if (head.Kind == MultiPaxosKind.Promise)
        {
            Promise promise = _codec.ReadPromise(ballot, ref reader);
            _durability.Leaves(line.From, line.Target, promise);
            Promises(line.From, promise, frame);
        }
        else if (head.Kind == MultiPaxosKind.Prepare)
        {
            Prepare prepare = MultiPaxosCodec.ReadPrepare(ballot, ref reader);
            _durability.Leaves(line.From, prepare);
            CheckTransfer(line.From, prepare);
        }
        else if (head.Kind == MultiPaxosKind.Probe)
        {
            _durability.RequireHealth(
                line.From, KernelHealth.Whole, MultiPaxosRules.DamagedIsSilent);
        }
        else if (!MultiPaxosCodec.ReadProbeReply(ballot, ref reader).IsGranted)
        {
            _durability.RequireAtLeast(line.From, ballot);
        }
    }

    // What it tells was proposed; and when the last page has left, it has told all.
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    private void Promises(Member acceptor, in Promise message, ReadOnlySpan<byte> frame)
    {
        MeetSlots(acceptor, message.From, message.Slots, frame[message.CommandsOffset..]);
        if (message.Health != KernelHealth.Whole)
            return;

        _reports.Tell(acceptor, message);
        CheckToldChosen(acceptor, message);
        (Member, Ballot) key = (acceptor, message.Ballot);
        LogIndex told = _told.GetValueOrDefault(key, message.From.Previous());
        if (message.From > told.Next())
            return;

        _told[key] = LogIndex.Max(told, message.Through);
        if (_told[key] < message.Last)
            return;

        MemberSet promised = _promised.GetValueOrDefault(message.Ballot);
        _promised[message.Ballot] = promised.With(acceptor);
    }

    [Rule(MultiPaxosRules.LearnedFromAny)]
    private void CheckToldChosen(Member acceptor, in Promise message)
    {
        LogIndex slot = message.From;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            if (slot <= message.Chosen)
                CheckChosen(acceptor, slot, head.Ballot);
            slot = slot.Next();
        }
    }

    private bool WasAsked(Member candidate, Prepare prepare) => _timeouts.Any(asked =>
        asked.Target == candidate
        && asked.Transfer == prepare.Transfer
        && asked.Reign < prepare.Ballot);

    [Rule(MultiPaxosRules.LeadershipTransfer)]
    private void CheckTransfer(Member candidate, in Prepare prepare) => Invariant.Holds(
        prepare.Transfer == 0 || WasAsked(candidate, prepare),
        MultiPaxosRules.LeadershipTransfer,
        $"{candidate} says that it was asked to campaign: {prepare}");

    // Who rests has nothing to wait for: it knows all that the leader of its ballot has to be
    // chosen.
    [Rule(MultiPaxosRules.IdleGroupRests)]
    [Rule(MultiPaxosRules.DoubtEndsRest)]
    private void CheckRest(MultiPaxosSeat seat, MultiPaxosReplica live)
    {
        if (!live.Duties.IsResting)
            return;

        MultiPaxosState state = live.State;
        Member? leader = live.Status.Leader;
        Invariant.Holds(
            leader is Member known && _ballots.IsLed(state.Promised, known),
            MultiPaxosRules.IdleGroupRests,
            $"{seat.Member} rests under {leader} in {state.Promised}");
        Invariant.Holds(
            _ballots.BaseOf(state.Promised) <= state.Chosen,
            MultiPaxosRules.IdleGroupRests,
            $"{seat.Member} rests at {state.Chosen} in {state.Promised}");
        Invariant.Holds(
            !live.Duties.IsAlone,
            MultiPaxosRules.DoubtEndsRest,
            $"{seat.Member} rests under {leader}, which is known to be gone");
    }
}
