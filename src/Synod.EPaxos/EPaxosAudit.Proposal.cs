using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is proposed and voted for.</summary>
internal sealed partial class EPaxosAudit
{
    private void LeavesOfProposal(
        Member from, EPaxosKind kind, ref FrameReader reader, ReadOnlySpan<byte> frame)
    {
        if (kind == EPaxosKind.PreAccept)
        {
            PreAccept message = EPaxosCodec.ReadPreAccept(ref reader);
            MeetCommand((from, message.Id), message.Value, message.Command, frame);
            _votes.MeetInitial(from, message.Id, message.Initial);
            _durability.Leaves(from, message);
        }
        else if (kind == EPaxosKind.PreAcceptOk)
        {
            _durability.Leaves(from, EPaxosCodec.ReadPreAcceptOk(ref reader));
        }
        else if (kind == EPaxosKind.Accept)
        {
            Accept message = EPaxosCodec.ReadAccept(ref reader);
            MeetCommand((from, message.Id), message.Value, message.Command, frame);
            _durability.Leaves(from, message, Epoch.Quorums.Slow);
            _reports.Check(from, message);
        }
        else
        {
            _durability.Leaves(from, EPaxosCodec.ReadAcceptOk(ref reader));
        }
    }

    private void MeetCommand(
        (Member At, InstanceId Id) where,
        in EPaxosValue value,
        in EPaxosCommands command,
        ReadOnlySpan<byte> frame)
    {
        if (value.IsSubmitted && value.Carried == value.Length)
        {
            ulong content = StableHash.Of(frame.Slice(command.Together.Offset, command.Length));
            _votes.MeetContent(where, value, content);
        }
    }

    // Ballots only grow, and what is committed stays.
    [Rule(EPaxosRules.AcceptUnlessPromised)]
    [Rule(EPaxosRules.CommittedStays)]
    protected override void CheckRecord(
        EPaxosSeat seat, in Effect effect, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        if (kind == EPaxosKind.StateRecord)
            CheckState(seat, StateRecord.ReadFrom(ref reader));
        if (kind is < EPaxosKind.PreAcceptedRecord or > EPaxosKind.LearnedRecord)
            return;

        InstanceRecord record = InstanceRecord.ReadFrom(kind, ref reader);
        if (record.Value.IsSubmitted)
        {
            seat.Names(
                CommandOf(record, effect, body.Length), record.Value.Parts, record.Id);
        }

        Ballot promised = seat.Promised.GetValueOrDefault(record.Id);
        bool isVote = kind is EPaxosKind.AcceptedRecord or EPaxosKind.PromisedRecord
            or EPaxosKind.ValidatedRecord or EPaxosKind.PreAcceptedRecord;
        Invariant.Holds(
            !isVote || promised <= record.Ballot,
            EPaxosRules.AcceptUnlessPromised,
            $"{seat.Member} records {record} behind a promise of {promised}");
        if (promised < record.Ballot && kind != EPaxosKind.LearnedRecord)
            seat.Promised[record.Id] = record.Ballot;
        if (kind == EPaxosKind.PreAcceptedRecord)
            CheckConflicts(seat, record);
        if (kind == EPaxosKind.PreAcceptedRecord && record.Value.Parts is not null)
            Notices?.Invoke("commands share an instance");
        TakeVote(seat, record);
        if (kind == EPaxosKind.CommittedRecord)
            CheckDecision(seat, record);
    }

    // All that was recorded before and conflicts is covered, an undecided no-op with it.
    [Rule(EPaxosRules.PreAcceptOnce)]
    [Rule(EPaxosRules.IndexedWithThePayload)]
    [Rule(EPaxosRules.UndecidedNoOpConflicts)]
    private static void CheckConflicts(EPaxosSeat seat, in InstanceRecord record)
    {
        EPaxosCover known = seat.Conflicts.Of(record.Value.Footprint);
        Invariant.Holds(
            record.Dep.Includes(known),
            EPaxosRules.IndexedWithThePayload,
            $"{seat.Member} records {record} and knows {known}");
    }

    // Only three kinds of record are votes; the others leave them as they are.
    private static void TakeVote(EPaxosSeat seat, in InstanceRecord record)
    {
        (EPaxosPhase Phase, EPaxosCover Dep) vote = seat.Votes.GetValueOrDefault(record.Id);
        bool isDecided = record.Kind == EPaxosKind.CommittedRecord;
        seat.Touched.Add(record.Id);
        seat.Knows(record.Id, record.Value, isDecided);
        seat.Votes[record.Id] = record.Kind switch
        {
            EPaxosKind.PreAcceptedRecord => (EPaxosPhase.PreAccepted, record.Dep),
            EPaxosKind.AcceptedRecord => (EPaxosPhase.Accepted, record.Dep),
            EPaxosKind.CommittedRecord => (EPaxosPhase.Committed, record.Dep),
            _ => vote,
        };
    }

    // A promise, a validation and what is learned change neither phase nor dependencies.
    [Rule(EPaxosRules.ValidateIsNoVote)]
    [Rule(EPaxosRules.PromiseKeepsVote)]
    private static void CheckVotes(EPaxosSeat seat, EPaxosReplica live)
    {
        foreach (InstanceId id in seat.Touched)
        {
            (EPaxosPhase Phase, EPaxosCover Dep) vote = seat.Votes[id];
            EPaxosInstance? instance = live.State.Find(id);
            if (live.State.IsTruncated(id))
                continue;

            Invariant.Holds(
                instance?.Phase == vote.Phase && instance.Dep == vote.Dep,
                EPaxosRules.ValidateIsNoVote,
                $"{seat.Member} has {instance}, its records say {vote.Phase} {vote.Dep}");
        }

        seat.Touched.Clear();
    }

    private static EPaxosCommands CommandOf(
        in InstanceRecord record, in Effect effect, int length) =>
        record.Value is { Length: > 0, IsCarried: false }
            ? record.Command
            : Payload.Logged(effect.Record, length, record.Value.Length);

    // What a life began with its disk holds again, or it says that it is damaged.
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    private static void CheckBallots(EPaxosSeat seat, EPaxosReplica held)
    {
        // What was appended and not flushed may be lost.
        seat.Promised.Clear();
        foreach (EPaxosInstance instance in held.State.All())
            seat.Promised[instance.Id] = instance.Promised;
    }
}
