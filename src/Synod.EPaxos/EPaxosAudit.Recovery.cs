using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Instances that are recovered: what is proposed follows from what was told, and
/// validations change nothing that was voted for and tell all that they must.</summary>
internal sealed partial class EPaxosAudit
{
    private readonly EPaxosReports _reports;

    private void LeavesOfRecovery(
        Member from, EPaxosKind kind, ref FrameReader reader, ReadOnlySpan<byte> frame)
    {
        if (kind == EPaxosKind.Recover)
        {
            RecoveryLeaves(from, EPaxosCodec.ReadRecover(ref reader));
        }
        else if (kind == EPaxosKind.RecoverOk)
        {
            RecoverOk message = EPaxosCodec.ReadRecoverOk(ref reader);
            MeetCommand((from, message.Id), message.Value, message.Command, frame);
            ReportLeaves(from, message);
        }
        else if (kind == EPaxosKind.Validate)
        {
            Validate message = EPaxosCodec.ReadValidate(ref reader);
            MeetCommand((from, message.Id), message.Value, message.Command, frame);
            CheckValidation(from, message);
        }
        else if (kind == EPaxosKind.ValidateOk)
        {
            ValidateOk message = EPaxosCodec.ReadValidateOk(ref reader);
            _durability.Leaves(from, message);
            _reports.Validates(from, message.Id, message.Ballot);
        }
    }

    // The dependencies are those that the owner has proposed first.
    [Rule(EPaxosRules.ValidateIsNoVote)]
    private void CheckValidation(Member from, in Validate message)
    {
        _durability.RequirePromise(from, message.Id, message.Ballot);
        _votes.MeetInitial(from, message.Id, message.Initial);
        _reports.Validates(from, message.Id, message.Ballot);
    }

    private void RecoveryLeaves(Member from, in Recover message)
    {
        _durability.RequirePromise(from, message.Id, message.Ballot);
        EPaxosInstance? known = Seats[from.Index].Live?.State.Find(message.Id);
        if (known is { IsCommitted: false } own)
        {
            _reports.Reports(from, message.Id, message.Ballot, new EPaxosReports.Report(
                own.Phase,
                own.AcceptedIn,
                new EPaxosVotes.Proposed(own.Holds, own.Dep),
                own.InitialDep));
        }
    }

    private void ReportLeaves(Member from, in RecoverOk message)
    {
        _durability.Leaves(from, message);
        _reports.Reports(from, message.Id, message.Ballot, new EPaxosReports.Report(
            message.Phase,
            message.AcceptedIn,
            new EPaxosVotes.Proposed(message.Value.Kind, message.Dep),
            message.Initial));
    }

    protected override void CheckSend(
        EPaxosSeat seat, in Effect effect, ReadOnlySpan<byte> frame)
    {
        EPaxosReplica live = seat.Alive;
        FrameReader reader = new(frame);
        switch (EPaxosCodec.ReadHead(ref reader))
        {
            case EPaxosKind.Validate:
                Notices?.Invoke("a recovery validates");
                break;
            case EPaxosKind.ValidateOk:
                CheckUncovered(seat, live, EPaxosCodec.ReadValidateOk(ref reader));
                break;
            case EPaxosKind.Waiting:
                Notices?.Invoke("a recovery waits for others");
                seat.Hears(EPaxosCodec.ReadWaiting(ref reader));
                break;
            case EPaxosKind.AskUsed:
                seat.AskingForUsed = EPaxosCodec.ReadAskUsed(ref reader).Ticket;
                break;
            case EPaxosKind.Gather:
                GatherLeaves(seat, EPaxosCodec.ReadGather(ref reader));
                break;
        }
    }

    // Whoever knows that something has ended its waiting has ended it.
    [Rule(EPaxosRules.WaitingEndsCycles)]
    private void CheckWaiting(EPaxosSeat seat, EPaxosReplica live)
    {
        Quorums quorums = Epoch.Quorums;
        int most = quorums.Members - quorums.Faults - quorums.FastFaults;
        foreach (EPaxosAttempt attempt in live.Waits)
        {
            InstanceId[] open = [.. attempt.Uncovered.Keys.Where(
                id => !live.State.IsCommitted(id))];
            Invariant.Holds(
                open.Length > 0
                    && open.All(id => seat.Waiting.GetValueOrDefault(id) <= most),
                EPaxosRules.WaitingEndsCycles,
                $"{seat.Member} waits with {attempt.Id} for {string.Join(", ", open)}, though "
                + string.Join(", ", seat.Waiting));
        }
    }

    // By the words of the paper, over all that is known, and not by the code that says it.
    [Rule(EPaxosRules.ValidateIsNoVote)]
    private void CheckUncovered(
        EPaxosSeat seat, EPaxosReplica live, in ValidateOk message)
    {
        if (live.State.Find(message.Id) is not EPaxosInstance mine)
            return;

        // Of what is truncated, of each owner one at most.
        InstanceId[] truncated = [.. _votes
            .DecidedBeyond(mine.Submitted.Footprint, mine.InitialDep, long.MaxValue)
            .Where(id => live.State.IsTruncated(id))];
        InstanceId[] named = [.. message.Uncovered
            .Select(static other => other.Id)
            .Where(id => live.State.IsTruncated(id))];
        Invariant.Holds(
            named.All(truncated.Contains)
                && truncated.All(id => named.Any(other => other.Owner == id.Owner)),
            EPaxosRules.TruncatedBehindSnapshots,
            $"{seat.Member} says {message}, truncated are {string.Join(", ", truncated)}");

        InstanceId[] expected = [.. live.State.All()
            .Where(other => IsUncovered(mine, other))
            .Select(static other => other.Id)];
        Invariant.Holds(
            expected.SequenceEqual(
                message.Uncovered.Select(static other => other.Id).Except(named)),
            EPaxosRules.ValidateIsNoVote,
            $"{seat.Member} says {message}, uncovered are {string.Join(", ", expected)}");
    }

    // Of whom records were lost nobody knows what it has promised.
    [Rule(EPaxosRules.DamagedIsSilent)]
    private static void CheckVoice(EPaxosSeat seat, EPaxosReplica live, EPaxosReplica held)
    {
        Invariant.Holds(
            !seat.IsDamaged || !held.HasLost || live.State.IsVoiceless,
            EPaxosRules.DamagedIsSilent,
            $"{seat.Member} has lost records and begins with a voice");
        seat.IsDamaged = false;
    }

    private void CheckState(EPaxosSeat seat, in StateRecord record)
    {
        CheckSaved(seat, record);
        CheckWhole(seat, record);
    }

    // Of how many members a snapshot has it, by what is on their disks.
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    private void CheckTruncated(EPaxosSeat seat, in StateRecord record)
    {
        seat.Saved = seat.Saved.Union(record.Saved);
        for (int owner = 0; owner < Epoch.Members.Count; owner++)
        {
            long last = record.Truncated[owner];
            Invariant.Holds(
                last <= record.Saved[owner]
                    && Seats.Count(one => one.Saved[owner] >= last) >= Epoch.Quorums.Slow,
                EPaxosRules.TruncatedBehindSnapshots,
                $"{seat.Member} truncates {record.Truncated}; in snapshots are "
                + string.Join(", ", Seats.Select(static one => one.Saved)));
        }
    }

    // A snapshot has in it only what was delivered.
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    private static void CheckSaved(EPaxosSeat seat, in StateRecord record)
    {
        for (int owner = 0; owner < seat.Alive.State.Members; owner++)
        {
            Invariant.Holds(
                record.Saved[owner] <= seat.Alive.State.ExecutedThrough(owner)
                    || seat.Saved[owner] >= record.Saved[owner],
                EPaxosRules.TruncatedBehindSnapshots,
                $"{seat.Member} says that {record.Saved} is in its snapshot");
        }
    }

    // All that its disk has ever said of votes and promises, in any life, is decided by then.
    [Rule(EPaxosRules.RepairCoversAll)]
    private void CheckWhole(EPaxosSeat seat, in StateRecord record)
    {
        if (record.Health != KernelHealth.Whole)
        {
            seat.IsRepaired = false;
            return;
        }

        if (seat.IsRepaired)
            return;

        seat.IsRepaired = true;
        CheckAnsweredByAll(seat);
        Notices?.Invoke("a damaged member was repaired");
        foreach (InstanceId id in seat.EverTold)
        {
            Invariant.Holds(
                seat.Alive.State.IsCommitted(id),
                EPaxosRules.RepairCoversAll,
                $"{seat.Member} has its voice back and does not know what {id} is decided to be, "
                + "for which it has voted");
        }
    }

    // It cannot know what it has forgotten: each other member has said in this life what it has
    // used, and all of that is decided here.
    [Rule(EPaxosRules.RepairCoversAll)]
    private void CheckAnsweredByAll(EPaxosSeat seat)
    {
        foreach (Member other in MemberSet.All(Epoch.Members.Count).Without(seat.Member))
        {
            bool isHeard = seat.UsedBy.TryGetValue(other, out long used);
            Invariant.Holds(
                isHeard && used <= seat.Alive.State.CommittedThrough(other.Index),
                EPaxosRules.RepairCoversAll,
                $"{seat.Member} has its voice back; {other} has "
                + (isHeard ? $"used {used}" : "not said what it has used"));
        }
    }

    private static bool IsUncovered(EPaxosInstance mine, EPaxosInstance other)
    {
        if (other.Id == mine.Id || mine.InitialDep.Covers(other.Id) || !other.IsKnown)
            return false;

        bool isConflict =
            mine.Submitted.Footprint.ConflictsWith(other.Submitted.Footprint);
        bool isOpen = other.IsCommitted
            ? other.Holds != EPaxosValueKind.NoOp && !other.Dep.Covers(mine.Id)
            : other.HasInitial && !other.InitialDep.Covers(mine.Id);
        return isConflict && isOpen;
    }
}
