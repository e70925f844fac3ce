using Synod.Kernel;

namespace Synod.Register;

/// <summary>What is on the disk of a member when a message leaves it, as in the table of the
/// README.</summary>
internal sealed class RegisterDurability(RegisterVotes votes, int members)
{
    private readonly RegisterReplica?[] _disks = new RegisterReplica?[members];
    private readonly Dictionary<(Member Member, ulong Key), Ballot> _promised = [];

    public RegisterReplica? HeldBy(Member member) => _disks[member.Index];

    // More may have survived than was known to be durable. What a member takes in without a voice
    // is no vote.
    public void Began(Member member, RegisterReplica disk)
    {
        _disks[member.Index] = disk;
        RequireAll(member, disk);
        foreach ((ulong key, RegisterKey held) in disk.State.All())
        {
            if (held.AcceptedIn != Ballot.Zero && !disk.IsHurt)
                votes.Voted(key, held.AcceptedIn, member);
            _promised[(member, key)] = held.Promised;
        }
    }

    // Whatever was released: a later life has promised and accepted what the earlier one had.
    [Rule(RegisterRules.PromiseIsMonotone)]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    private void RequireAll(Member member, RegisterReplica disk)
    {
        if (disk.IsHurt)
            return;

        foreach (((Member of, ulong key), Ballot before) in _promised)
        {
            if (of != member)
                continue;

            Ballot now = disk.State.TryGet(key, out RegisterKey? held)
                ? held.Promised
                : Ballot.Zero;
            Invariant.Holds(
                before <= now,
                RegisterRules.PromiseIsMonotone,
                $"{member} begins with {now} promised of k{key:x}; it had promised {before}");
        }
    }

    /// <summary>The disk, or a part of it, is lost.</summary>
    public void Lost(Member member)
    {
        foreach ((Member Member, ulong Key) promise in _promised.Keys.ToArray())
        {
            if (promise.Member == member)
                _promised.Remove(promise);
        }
    }

    /// <summary>A record is on the disk of a member: a promise is never taken back.</summary>
    [Rule(RegisterRules.PromiseIsMonotone)]
    public void Durable(Member member, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        RegisterKind kind = RegisterCodec.ReadRecordHead(ref reader);
        if (kind == RegisterKind.PromisedRecord)
        {
            PromisedRecord promised = PromisedRecord.ReadFrom(ref reader);
            Promised(member, promised.Key, promised.Ballot, promised.Ballot);
        }
        else if (kind == RegisterKind.AcceptedRecord)
        {
            AcceptedRecord accepted = AcceptedRecord.ReadFrom(ref reader);
            if (HeldBy(member) is { IsHurt: false })
                votes.Voted(accepted.Key, accepted.Ballot, member);
            Promised(
                member,
                accepted.Key,
                accepted.Ballot,
                accepted.Ballot.NextOf(accepted.Ballot.Proposer));
        }
        else if (kind == RegisterKind.ChosenRecord)
        {
            ChosenRecord chosen = ChosenRecord.ReadFrom(ref reader);
            RequireChosen(member, chosen.Key, chosen.Ballot);
        }
        else if (kind == RegisterKind.KeyRecord)
        {
            Rewritten(member, KeyRecord.ReadFrom(ref reader));
        }
    }

    // What stands in for older records says what they say.
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    private void Rewritten(Member member, in KeyRecord record)
    {
        Promised(member, record.Key, record.Promised, record.Promised);
        if (HeldBy(member) is not { IsHurt: false })
            return;

        Ballot vote = votes.VoteBelow(record.Key, new Ballot(long.MaxValue), member);
        Invariant.Holds(
            vote == record.AcceptedIn,
            RegisterRules.TableIsItsNewestRecords,
            $"{member} writes {record.AcceptedIn} of k{record.Key:x} anew, its vote is {vote}");
        CheckState(member, record.Key, new RegisterVote
        {
            Ballot = record.AcceptedIn,
            State = record.State,
        });
        if (record.IsChosen)
            RequireChosen(member, record.Key, record.AcceptedIn);
    }

    /// <summary>An entry of a frame leaves.</summary>
    public void Leaves(Member from, RegisterKind kind, ulong key, ref FrameReader reader)
    {
        switch (kind)
        {
            case RegisterKind.Prepare:
                RequireReserved(from, RegisterCodec.ReadPrepare(key, ref reader).Ballot);
                break;
            case RegisterKind.Accept:
                RequireProposal(from, RegisterCodec.ReadAccept(key, ref reader));
                break;
            case RegisterKind.Promise:
                RequirePromise(from, RegisterCodec.ReadPromise(key, ref reader));
                break;
            case RegisterKind.Accepted:
                RequireVote(from, key, RegisterCodec.ReadBallot(ref reader));
                break;
            case RegisterKind.Chosen:
                RequireChosen(from, key, RegisterCodec.ReadBallot(ref reader));
                break;
            case RegisterKind.Answer:
                RequireAnswer(from, RegisterCodec.ReadAnswer(key, ref reader));
                break;
            case RegisterKind.Listing:
                RequireChosen(from, RegisterCodec.ReadListing(key, ref reader));
                break;
            case RegisterKind.Refused:
            case RegisterKind.Query:
            case RegisterKind.Compare:
                RegisterCodec.Skip(kind, key, ref reader);
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

    [Rule(RegisterRules.MajorityAlways)]
    public void RequireChosen(Member by, ulong key, Ballot ballot) => Invariant.Holds(
        votes.IsChosen(key, ballot),
        RegisterRules.ChosenInOneBallot,
        $"{by} takes {ballot} of k{key:x} for chosen");

    private void RequireChosen(Member from, in Listing message)
    {
        FrameReader entries = new(message.Entries);
        while (entries.Remaining > 0)
        {
            ulong key = entries.ReadUInt64();
            RequireChosen(from, key, RegisterCodec.ReadBallot(ref entries));
        }
    }

    private void Promised(Member member, ulong key, Ballot ballot, Ballot from)
    {
        Ballot before = _promised.GetValueOrDefault((member, key));
        Invariant.Holds(
            before <= ballot,
            RegisterRules.PromiseIsMonotone,
            $"{member} takes part in {ballot} of k{key:x} and has promised {before}");
        _promised[(member, key)] = from;
    }

    [Rule(RegisterRules.RoundsAreReserved)]
    private void RequireReserved(Member from, Ballot ballot)
    {
        long rounds = HeldBy(from)?.State.Rounds ?? 0;
        Invariant.Holds(
            ballot.Round <= rounds,
            RegisterRules.RoundsAreReserved,
            $"{from} asks in {ballot}, reserved on its disk is {rounds}");
    }

    [Rule(RegisterRules.OneStatePerBallot)]
    private void RequireProposal(Member from, in Accept message)
    {
        RequireReserved(from, message.Ballot);
        ulong state = StableHash.Of(message.State);
        bool isKnown = votes.TryGet(
            message.Key, message.Ballot, out RegisterVotes.Proposal? proposal);
        Invariant.Holds(
            isKnown && proposal?.State == state,
            RegisterRules.OneStatePerBallot,
            $"{from} proposes another state in {message.Ballot} of k{message.Key:x}");
        proposal?.HasLeft = true;
    }

    [Rule(RegisterRules.DurableBeforeAnswer)]
    [Rule(RegisterRules.PromiseTellsVote)]
    private void RequirePromise(Member from, in Promise message)
    {
        RequireVoice(from);
        Ballot promised = _promised.GetValueOrDefault((from, message.Key));
        Invariant.Holds(
            message.Ballot <= promised,
            RegisterRules.DurableBeforeAnswer,
            $"{from} promises {message.Ballot} of k{message.Key:x}, on its disk is {promised}");
        Ballot vote = votes.VoteBelow(message.Key, message.Ballot, from);
        Invariant.Holds(
            vote == message.Vote.Ballot,
            RegisterRules.PromiseTellsVote,
            $"{from} tells {message.Vote.Ballot} of k{message.Key:x}, its vote is {vote}");
        CheckState(from, message.Key, message.Vote);
    }

    [Rule(RegisterRules.DurableBeforeAnswer)]
    private void RequireVote(Member from, ulong key, Ballot ballot)
    {
        RequireVoice(from);
        Invariant.Holds(
            votes.TryGet(key, ballot, out RegisterVotes.Proposal? proposal)
                && proposal.Votes.Contains(from),
            RegisterRules.DurableBeforeAnswer,
            $"{from} says it has accepted {ballot} of k{key:x}; its disk does not know");
    }

    [Rule(RegisterRules.PassiveRead)]
    private void RequireAnswer(Member from, in Answer message)
    {
        Ballot ballot = message.Vote.Ballot;
        if (ballot == Ballot.Zero)
        {
            RequireVoice(from);
            return;
        }

        RequireVote(from, message.Key, ballot);
        CheckState(from, message.Key, message.Vote);
        if (message.IsChosen)
            RequireChosen(from, message.Key, ballot);
    }

    [Rule(RegisterRules.OneStatePerBallot)]
    private void CheckState(Member from, ulong key, in RegisterVote vote)
    {
        if (vote.Ballot == Ballot.Zero || vote.IsLeftOut)
            return;

        ulong state = StableHash.Of(vote.State);
        Invariant.Holds(
            votes.TryGet(key, vote.Ballot, out RegisterVotes.Proposal? proposal)
                && proposal.State == state,
            RegisterRules.OneStatePerBallot,
            $"{from} has another state than was proposed in {vote.Ballot} of k{key:x}");
    }

    [Rule(RegisterRules.DamagedIsSilent)]
    private void RequireVoice(Member from) => Invariant.Holds(
        HeldBy(from) is { State.IsVoiceless: false },
        RegisterRules.DamagedIsSilent,
        $"{from} has lost records and answers");
}
