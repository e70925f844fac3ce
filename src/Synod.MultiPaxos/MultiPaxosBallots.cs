using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What was proposed in all ballots and who has accepted it, over the lives of all
/// members, for the audit.</summary>
internal sealed class MultiPaxosBallots(Quorums quorums)
{
    private readonly Dictionary<Ballot, LogIndex> _bases = [];
    private readonly Dictionary<LogIndex, Slot> _slots = [];

    /// <summary>How many ballots had a leader.</summary>
    public int Count => _bases.Count;

    /// <summary>The highest ballot that had a leader.</summary>
    public Ballot Newest { get; private set; }

    /// <summary>Whether the ballot has had a leader, and it is this one.</summary>
    public bool IsLed(Ballot ballot, Member by) =>
        ballot.Proposer == by && _bases.ContainsKey(ballot);

    /// <summary>What is above it is proposed in the ballot; null if nobody led it.</summary>
    public LogIndex? BaseOf(Ballot ballot) =>
        _bases.TryGetValue(ballot, out LogIndex below) ? below : null;

    /// <summary>A member leads.</summary>
    [Rule(MultiPaxosRules.RestartMeansNewBallot)]
    public void Begin(Ballot ballot, LogIndex below)
    {
        Invariant.Holds(
            _bases.TryAdd(ballot, below),
            MultiPaxosRules.RestartMeansNewBallot,
            $"{ballot} is led a second time");
        if (ballot > Newest)
            Newest = ballot;
    }

    /// <summary>The leader of a ballot proposes; what is not new by its name.</summary>
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public void Propose(LogIndex slot, in MultiPaxosSlotHead head)
    {
        Ballot ballot = head.Ballot;
        Invariant.Holds(
            BaseOf(ballot) < slot,
            MultiPaxosRules.OneValuePerBallot,
            $"{slot} is proposed in {ballot}, which is above {BaseOf(ballot)}");
        Slot proposed = SlotAt(slot);
        bool isFirst = proposed.Find(ballot) is null;
        Invariant.Holds(
            isFirst,
            MultiPaxosRules.OneValuePerBallot,
            $"{slot} is proposed a second time in {ballot}");
        Value value = head.Origin == ballot ? new Value(head) : Named(slot, head);
        proposed.Proposals.Add(new Proposal(ballot, value));
        CheckAgreement(slot, proposed);
    }

    [Rule(MultiPaxosRules.OriginNamesValue)]
    private Value Named(LogIndex slot, in MultiPaxosSlotHead head)
    {
        Value? value = SlotAt(slot).Find(head.Origin)?.Value;
        Invariant.Holds(
            value is not null && value.Origin == head.Origin,
            MultiPaxosRules.OriginNamesValue,
            $"{slot} is proposed in {head.Ballot} as of {head.Origin}, which has {value}");
        return value;
    }

    /// <summary>A member has a value; the leader of its ballot has proposed it.</summary>
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void Meet(Member member, LogIndex slot, in MultiPaxosSlotHead head)
    {
        Value? value = SlotAt(slot).Find(head.Ballot)?.Value;
        Invariant.Holds(
            value is not null && value.Kind == head.Kind && value.Length == head.Length,
            MultiPaxosRules.OneValuePerBallot,
            $"{member} has {head.Kind} of {head.Length} bytes in {slot} {head.Ballot}; {value} was "
            + "proposed");
        Invariant.Holds(
            value.Origin == head.Origin,
            MultiPaxosRules.OriginNamesValue,
            $"{member} has {slot} {head.Ballot} as of {head.Origin}, it is {value}");
    }

    /// <summary>The same for the hash of its bytes, once it was met.</summary>
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public void MeetContent(Member member, LogIndex slot, Ballot ballot, ulong content)
    {
        Value? value = SlotAt(slot).Find(ballot)?.Value;
        Invariant.Holds(
            value is not null && (value.Content is null || value.Content == content),
            MultiPaxosRules.OneValuePerBallot,
            $"{member} has another command in {slot} {ballot} than was proposed");
        value.Content = content;
    }

    /// <summary>The disk of an acceptor holds that it has accepted.</summary>
    [Rule(MultiPaxosRules.MajorityChooses)]
    public void Vote(Member acceptor, LogIndex slot, Ballot ballot)
    {
        Slot voted = SlotAt(slot);
        Proposal? proposal = voted.Find(ballot);
        Invariant.Holds(
            proposal is not null,
            MultiPaxosRules.OneValuePerBallot,
            $"{acceptor} accepts in {slot} {ballot} what nobody proposed");
        proposal.Accepted = proposal.Accepted.With(acceptor);
        bool isLower = voted.Chosen is null || ballot < voted.Chosen.Ballot;
        if (!isLower || !quorums.IsMajority(proposal.Accepted))
            return;

        voted.Chosen = proposal;
        CheckAgreement(slot, voted);
    }

    /// <summary>The ballot in which the value of a slot was chosen first; null if none
    /// is.</summary>
    public Ballot? ChosenAt(LogIndex slot) =>
        _slots.TryGetValue(slot, out Slot? known) ? known.Chosen?.Ballot : null;

    /// <summary>Whether the value of an origin was proposed for a slot, from one ballot on and
    /// below another.</summary>
    public bool IsProposed(LogIndex slot, Ballot origin, (Ballot From, Ballot Below) ballots) =>
        SlotAt(slot).Proposals.Exists(proposal =>
            proposal.Value.Origin == origin
            && ballots.From <= proposal.Ballot
            && proposal.Ballot < ballots.Below);

    /// <summary>Whether what was proposed in this ballot is what is chosen, and it is not a ballot
    /// before it was: another value may have been proposed between the two.</summary>
    public bool IsChosen(LogIndex slot, Ballot ballot)
    {
        if (!_slots.TryGetValue(slot, out Slot? known) || known.Chosen is not Proposal chosen)
            return false;

        return ballot >= chosen.Ballot
            && known.Find(ballot) is Proposal proposal
            && proposal.Value.Origin == chosen.Value.Origin;
    }

    // What is chosen in a ballot is in every higher one (§2.2, P2).
    [Rule(MultiPaxosRules.ChosenStays)]
    private static void CheckAgreement(LogIndex slot, Slot known)
    {
        if (known.Chosen is not Proposal chosen)
            return;

        foreach (Proposal proposal in known.Proposals)
        {
            Invariant.Holds(
                proposal.Ballot < chosen.Ballot || proposal.Value == chosen.Value,
                MultiPaxosRules.ChosenStays,
                $"{slot} is chosen in {chosen.Ballot}, and another value is proposed in "
                + $"{proposal.Ballot}");
        }
    }

    private Slot SlotAt(LogIndex slot)
    {
        if (!_slots.TryGetValue(slot, out Slot? known))
            _slots.Add(slot, known = new Slot());
        return known;
    }

    private sealed class Slot
    {
        public List<Proposal> Proposals { get; } = [];

        /// <summary>What a majority has accepted, in the lowest ballot in which one has.</summary>
        public Proposal? Chosen { get; set; }

        public Proposal? Find(Ballot ballot) =>
            Proposals.Find(proposal => proposal.Ballot == ballot);
    }

    private sealed class Proposal(Ballot ballot, Value value)
    {
        public Ballot Ballot => ballot;

        public Value Value => value;

        /// <summary>Whose disks have, or had, accepted it.</summary>
        public MemberSet Accepted { get; set; }
    }

    /// <summary>What was proposed in its origin, and perhaps again in higher ballots.</summary>
    private sealed class Value(in MultiPaxosSlotHead head)
    {
        public Ballot Origin { get; } = head.Ballot;

        public MultiPaxosValueKind Kind { get; } = head.Kind;

        public int Length { get; } = head.Length;

        /// <summary>The hash of its command, once it was seen.</summary>
        public ulong? Content { get; set; } = head.Kind == MultiPaxosValueKind.NoOp
            ? StableHash.Of(default(ReadOnlySpan<byte>))
            : null;

        public override string ToString() => $"{Kind} of {Length} bytes of {Origin}";
    }
}
