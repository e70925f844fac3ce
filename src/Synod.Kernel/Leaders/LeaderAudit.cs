namespace Synod.Kernel;

/// <summary>What <see cref="LeaderDuties{TReign}"/> promise, watched over all members of an epoch:
/// reads see all that was committed anywhere when they were asked for, because somebody has led
/// after that, and what is older proves nothing; what is forwarded comes once and ends once; who
/// hands over has no lease. Part of the audit of a protocol.</summary>
/// <typeparam name="TReign">A term, a ballot.</typeparam>
public sealed class LeaderAudit<TReign>
    where TReign : struct, IReign
{
    // Which rounds of heartbeats were begun, and whose answers have reached the leader; what
    // followers have asked, and what was committed then; all by the frames.
    private readonly Dictionary<(TReign Reign, long Round), long> _begun = [];
    private readonly Dictionary<(Member From, TReign Reign), long> _answered = [];
    private readonly Dictionary<
        (Member From, ReadTicket Ticket), (LogIndex Committed, long Moment)> _questions = [];

    private readonly Dictionary<
        (Member From, (ulong Boot, uint Life) Life, long Tag),
        (ulong Content, ForwardReply<TReign>? End)> _forwards = [];

    private readonly HashSet<TReign> _handedOver = [];
    private readonly EpochDescriptor _epoch;
    private readonly ILeaderWitness<TReign> _witness;
    private readonly Seat[] _seats;
    private long _moment;

    /// <summary>Watches the members of an epoch.</summary>
    public LeaderAudit(EpochDescriptor epoch, ILeaderWitness<TReign> witness)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        _epoch = epoch;
        _witness = witness;
        _seats = [.. Enumerable.Range(0, epoch.Members.Count).Select(static _ => new Seat())];
    }

    /// <summary>A member begins a life.</summary>
    public void Began(Member member) => _seats[member.Index] = new Seat();

    /// <summary>A member is asked for a read.</summary>
    public void Reads(Member member, RequestId request)
    {
        _seats[member.Index].Reads.Add(request, (_witness.Committed, ++_moment));
        NoteLease(member);
    }

    /// <summary>In true time: of two that lead at this moment, the one of the older reign has no
    /// lease. It would answer reads that do not see what the newer one commits.</summary>
    [Rule(LeaderRules.LeaseRead)]
    [Rule(LeaderRules.LeasePromise)]
    public void CheckLeases(Member member)
    {
        if (_witness.Clocks is not { } clocks || LeaderAt(member) is not { } mine)
            return;

        foreach (Member other in _epoch.All.Without(member))
        {
            if (LeaderAt(other) is not { } theirs)
                continue;

            bool isOlder = theirs.Reign.Number < mine.Reign.Number;
            (Member older, ILeaderKernel<TReign> kernel) =
                isOlder ? (other, theirs) : (member, mine);
            Invariant.Holds(
                !kernel.Duties.HoldsLease(clocks(older)),
                LeaderRules.LeaseRead,
                $"{older} has a lease in {kernel.Reign}, {member} and {other} lead");
        }
    }

    /// <summary>A member takes a step or is asked for something. Under a lease nobody else leads at
    /// this moment. Whoever was asked to campaign may be elected at any later time, whatever others
    /// promise.</summary>
    [Rule(LeaderRules.LeaseRead)]
    [Rule(LeaderRules.TransferVoidsLease)]
    public void NoteLease(Member member)
    {
        if (_witness.Clocks is not { } clocks
            || _witness.LiveOf(member) is not { } live
            || !live.Duties.HoldsLease(clocks(member)))
        {
            return;
        }

        _seats[member.Index].LeasedAt = ++_moment;
        Invariant.Holds(
            !_handedOver.Contains(live.Reign),
            LeaderRules.TransferVoidsLease,
            $"{member} has a lease in {live.Reign}, which it has handed over");
    }

    /// <summary>A message of these leaves.</summary>
    /// <returns>False if it is none.</returns>
    public bool TryLeave(
        (Member From, Member Target) line,
        (LeaderKind Kind, TReign Reign) head,
        ReadOnlySpan<byte> frame,
        ref FrameReader reader)
    {
        (Member from, Member target) = line;
        switch (head.Kind)
        {
            case LeaderKind.TimeoutNow:
                Leaves(line, LeaderCodec.ReadTimeoutNow(head.Reign, ref reader));
                break;
            case LeaderKind.Rouse:
                _witness.RequireReign(from, head.Reign);
                break;
            case LeaderKind.Forward:
                Leaves(from, LeaderCodec.ReadForward(head.Reign, ref reader), frame);
                break;
            case LeaderKind.ForwardReply:
                Leaves(line, LeaderCodec.ReadForwardReply(head.Reign, ref reader));
                break;
            case LeaderKind.ReadIndex:
                ReadIndex<TReign> question = LeaderCodec.ReadReadIndex(head.Reign, ref reader);
                _questions.TryAdd((from, question.Ticket), (_witness.Committed, ++_moment));
                break;
            case LeaderKind.ReadIndexReply:
                Leaves(line, LeaderCodec.ReadReadIndexReply(head.Reign, ref reader));
                break;
            default:
                return false;
        }

        return reader.IsComplete;
    }

    /// <summary>A leader's answer to a question about reads reaches a member.</summary>
    public void Arrives(Member asker, in ReadIndexReply<TReign> message)
    {
        Seat seat = _seats[asker.Index];
        if (message.IsConfirmed && _questions.TryGetValue(
            (asker, message.Ticket), out (LogIndex Committed, long Moment) asked))
        {
            seat.AnsweredAt = Math.Max(seat.AnsweredAt, asked.Moment);
        }
    }

    /// <summary>A heartbeat leaves: the first message of a round begins it.</summary>
    public void BeginsRound(TReign reign, long round) => _begun.TryAdd((reign, round), ++_moment);

    /// <summary>The answer to a heartbeat arrives, maybe when its sender is in a newer reign. One
    /// that may have forgotten a promise to another leader says nothing.</summary>
    public void AnswersRound(
        (Member From, Member Target) line, (TReign Reign, long Round) said, KernelHealth health)
    {
        if (health == KernelHealth.Voiceless || !_witness.HasLed(said.Reign, line.Target))
            return;

        long newest = _answered.GetValueOrDefault((line.From, said.Reign));
        _answered[(line.From, said.Reign)] = Math.Max(newest, said.Round);
    }

    /// <summary>A member answers a read.</summary>
    [Rule(LeaderRules.ReadIndex)]
    [Rule(LeaderRules.FollowerReads)]
    public void CheckRead(Member member, ILeaderKernel<TReign> live, RequestId request)
    {
        ArgumentNullException.ThrowIfNull(live);
        Seat seat = _seats[member.Index];
        bool isAsked = seat.Reads.Remove(request, out (LogIndex Committed, long Moment) asked);
        Invariant.Holds(
            isAsked && asked.Committed <= live.Committed,
            LeaderRules.ReadIndex,
            $"{member} reads at {live.Committed} what was committed up to {asked.Committed}");
        if (live.Duties.Role is Leading)
        {
            CheckLedSince(member, live.Reign, asked.Moment);
            return;
        }

        Invariant.Holds(
            seat.AnsweredAt > asked.Moment,
            LeaderRules.FollowerReads,
            $"{member} reads in {live.Reign} without an answer since");
    }

    private ILeaderKernel<TReign>? LeaderAt(Member member) =>
        _witness.LiveOf(member) is { Duties.Role: Leading } leader ? leader : null;

    private void Leaves((Member From, Member Target) line, in TimeoutNow<TReign> message)
    {
        _witness.RequireElected(line.From, message.Reign);
        _witness.AsksToCampaign(line.From, line.Target, message);
        _handedOver.Add(message.Reign);
    }

    // Once, whatever becomes of it: it may have no identity.
    [Rule(LeaderRules.ForwardedOnce)]
    private void Leaves(Member from, in Forward<TReign> message, ReadOnlySpan<byte> frame)
    {
        ulong content =
            StableHash.Of(frame.Slice(message.CommandOffset, message.CommandLength));
        Invariant.Holds(
            _forwards.TryAdd((from, message.Life, message.Tag), (content, null)),
            LeaderRules.ForwardedOnce,
            $"{from} sends twice {message}");
    }

    // It has one end, and where it was appended it stands as it was sent.
    [Rule(LeaderRules.ForwardedOnce)]
    private void Leaves((Member From, Member Target) line, in ForwardReply<TReign> message)
    {
        (Member, (ulong, uint), long) key = (line.Target, message.Life, message.Tag);
        bool isSent =
            _forwards.TryGetValue(key, out (ulong Content, ForwardReply<TReign>? End) forward);
        Invariant.Holds(
            isSent && forward.End is null && _witness.HasLed(message.Reign, line.From),
            LeaderRules.ForwardedOnce,
            $"{line.From} says to {line.Target} {message}; it said {forward.End}");
        _forwards[key] = (forward.Content, message);
        if (message.Reason is null)
            _witness.MeetContent(line.From, message, forward.Content);
    }

    // A leader says what is committed, and no less than what was when it was asked.
    [Rule(LeaderRules.FollowerReads)]
    private void Leaves((Member From, Member Target) line, in ReadIndexReply<TReign> message)
    {
        if (!message.IsConfirmed)
        {
            _witness.RequireReign(line.From, message.Reign);
            return;
        }

        _witness.RequireElected(line.From, message.Reign);
        LogIndex committed = _witness.Committed;
        Invariant.Holds(
            _witness.HasLed(message.Reign, line.From) && message.Index <= committed,
            LeaderRules.FollowerReads,
            $"{line.From} says {message}; {committed} is committed");
        bool isAsked = _questions.TryGetValue(
            (line.Target, message.Ticket), out (LogIndex Committed, long Moment) asked);
        Invariant.Holds(
            isAsked && asked.Committed <= message.Index,
            LeaderRules.FollowerReads,
            $"{line.From} says {message} to {line.Target}, which asked at {asked.Committed}");
        CheckLedSince(line.From, message.Reign, asked.Moment);
    }

    // That nobody else leads is known from a round that was begun after the read was asked for, or
    // from a lease at a time after that.
    [Rule(LeaderRules.ReadIndex)]
    [Rule(LeaderRules.LeaseRead)]
    private void CheckLedSince(Member leader, TReign reign, long asked)
    {
        MemberSet confirmed = MemberSet.Of(leader);
        foreach (Member member in _epoch.All)
        {
            long round = _answered.GetValueOrDefault((member, reign), -1);
            if (_begun.GetValueOrDefault((reign, round)) > asked)
                confirmed = confirmed.With(member);
        }

        Invariant.Holds(
            _seats[leader.Index].LeasedAt > asked || _epoch.Quorums.IsMajority(confirmed),
            LeaderRules.ReadIndex,
            $"{leader} reads in {reign}; a round that is newer has {confirmed}");
    }

    /// <summary>What was last seen of a life of a member.</summary>
    private sealed class Seat
    {
        /// <summary>Reads that are asked for: what was committed then, and when it was.</summary>
        public Dictionary<RequestId, (LogIndex Committed, long Moment)> Reads { get; } = [];

        /// <summary>When it last held a lease.</summary>
        public long LeasedAt { get; set; }

        /// <summary>When it had asked the newest question about reads that was answered.</summary>
        public long AnsweredAt { get; set; }
    }
}
