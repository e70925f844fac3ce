using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>The durability table as code: of every message, what the disk of its sender holds when
/// it leaves (the table is in README.md). A frame may leave long after its gate was asked for; what
/// it then says of a lower ballot is held against what the disk held in that one.</summary>
internal sealed class MultiPaxosDurability
{
    private readonly MultiPaxosBallots _ballots;
    private readonly Disk[] _disks;

    public MultiPaxosDurability(MultiPaxosBallots ballots, int members)
    {
        _ballots = ballots;
        _disks = new Disk[members];
        for (int member = 0; member < members; member++)
            _disks[member] = new Disk();
    }

    /// <summary>What the disk of a member holds; null from its loss to its next life.</summary>
    public MultiPaxosReplica? HeldBy(Member member) => _disks[member.Index].Held;

    /// <summary>What a damaged member had before it was.</summary>
    public IReadOnlyList<MultiPaxosReplica> GhostsOf(Member member) =>
        _disks[member.Index].Ghosts;

    /// <summary>Whether the disk holds, or held, this very promise.</summary>
    public bool HasPromised(Member member, Ballot ballot) =>
        _disks[member.Index].Promises.Contains(ballot);

    /// <summary>The highest ballot in which its disk has accepted a proposal for a slot; zero if
    /// in none.</summary>
    public Ballot AcceptedBy(Member member, LogIndex slot) =>
        _disks[member.Index].Accepted.GetValueOrDefault(slot);

    /// <summary>A life begins with what the disk holds. Records that nobody knew to be durable may
    /// have survived.</summary>
    [Rule(MultiPaxosRules.PromisesGrow)]
    public void Began(Member member, MultiPaxosReplica live, MultiPaxosReplica held)
    {
        Disk disk = _disks[member.Index];
        MultiPaxosState state = held.State;
        Invariant.Holds(
            disk.Promised <= state.Promised || IsVoiceless(live),
            MultiPaxosRules.PromisesGrow,
            $"the disk of {member} held {disk.Promised} and gives back {state.Promised}");
        disk.Held = held;
        Promised(disk, state.Promised);
        disk.Proven.Clear();
        for (LogIndex slot = new(1); slot <= state.Slots.Last; slot = slot.Next())
        {
            bool isThere = state.Slots[slot].Kind != MultiPaxosValueKind.None;
            if (isThere && state.Slots[slot].Ballot == state.Promised)
                Accepted(member, slot);
        }

        disk.Marked = LogIndex.Zero;
        CheckMarks(member, disk);
    }

    // A crash may leave any of its records the last one: what a life that begins with them takes
    // for chosen it tells with the ballots that are there.
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    private void CheckMarks(Member member, Disk disk)
    {
        if (disk.Held is not { State: MultiPaxosState state })
            return;

        while (disk.Marked < state.Marked)
        {
            LogIndex slot = disk.Marked.Next();
            Ballot ballot = state.Slots[slot].Ballot;
            Invariant.Holds(
                _ballots.IsChosen(slot, ballot),
                MultiPaxosRules.OwnBallotIsChosen,
                $"the disk of {member} marks {slot} {ballot} as chosen; chosen is "
                + $"{_ballots.ChosenAt(slot)}");
            disk.Marked = slot;
        }
    }

    /// <summary>A promise has become durable.</summary>
    [Rule(MultiPaxosRules.PromisesGrow)]
    public void Promised(Member member, in PromiseRecord promise)
    {
        Disk disk = _disks[member.Index];
        Invariant.Holds(
            disk.Promised <= promise.Ballot,
            MultiPaxosRules.PromisesGrow,
            $"the disk of {member} holds {disk.Promised} and takes {promise.Ballot}");

        // Answers of the ballot that ends now may still be held back; what they say was accepted
        // may be replaced before they leave, in a higher ballot and rightly so.
        if (disk.Promised < promise.Ballot)
            disk.Proven[disk.Promised] = ProvenNow(disk, disk.Promised);
        Promised(disk, promise.Ballot);
        if (promise.Concludes)
            Forget(disk, promise.Damage.Certain);
    }

    // A damaged member forgets also what is left above; it counts no more than what is lost.
    [Rule(MultiPaxosRules.DamageForgets)]
    private static void Forget(Disk disk, LogIndex certain)
    {
        for (LogIndex slot = certain.Next(); slot <= disk.LastAccepted; slot = slot.Next())
            disk.Accepted.Remove(slot);
        disk.LastAccepted = LogIndex.Min(disk.LastAccepted, certain);
        disk.Proven.Clear();
    }

    /// <summary>A value has become durable; the command follows the record.</summary>
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    public void Stored(
        Member member, RecordNumber number, in ValueRecord value, ReadOnlySpan<byte> command)
    {
        Disk disk = _disks[member.Index];
        Invariant.Holds(
            value.Ballot <= disk.Promised,
            MultiPaxosRules.AcceptUnlessPromised,
            $"the disk of {member} has promised {disk.Promised} and takes {value}");
        MultiPaxosSlotHead head = new(value.Ballot, value.Origin, value.Kind, command.Length);
        ulong content = StableHash.Of(command);
        disk.Contents[number] = content;
        _ballots.Meet(member, value.Slot, head);
        _ballots.MeetContent(member, value.Slot, value.Ballot, content);
        if (value.Ballot == disk.Promised)
            Accepted(member, value.Slot);
        CheckMarks(member, disk);
    }

    /// <summary>Values that the disk holds were proposed in another ballot, and are accepted in it
    /// if it is promised. They are the very ones.</summary>
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void Raised(Member member, in BallotRecord raised)
    {
        Disk disk = _disks[member.Index];
        Invariant.Holds(
            raised.Ballot <= disk.Promised,
            MultiPaxosRules.AcceptUnlessPromised,
            $"the disk of {member} has promised {disk.Promised} and takes {raised}");
        for (LogIndex slot = raised.First; slot <= raised.Last; slot = slot.Next())
        {
            if (disk.Held?.State.Slots[slot] is not { Kind: not MultiPaxosValueKind.None } value)
                continue;

            _ballots.Meet(member, slot, value.Head);
            if (disk.Contents.TryGetValue(value.Command.Record, out ulong content))
                _ballots.MeetContent(member, slot, raised.Ballot, content);
            if (raised.Ballot == disk.Promised)
                Accepted(member, slot);
        }
    }

    /// <summary>Records are lost. What they said counts on, as of one that is silent.</summary>
    public void Damaged(Member member)
    {
        Disk disk = _disks[member.Index];
        if (disk.Held is { State.Damage.Health: KernelHealth.Whole } held)
            disk.Ghosts.Add(held);
        disk.Held = null;
        disk.Proven.Clear();
        disk.Accepted.Clear();
        disk.LastAccepted = LogIndex.Zero;
    }

    /// <summary>A damaged member has again all that matters.</summary>
    public void Repaired(Member member) => _disks[member.Index].Ghosts.Clear();

    /// <summary>The disk is lost. What it held counts on, as one that does not answer.</summary>
    public void Lost(Member member)
    {
        Disk lost = _disks[member.Index];
        Disk next = new();
        next.Lost.AddRange(lost.Lost);
        next.Lost.AddRange(lost.Ghosts);
        if (lost.Held is MultiPaxosReplica held)
            next.Lost.Add(held);
        _disks[member.Index] = next;
    }

    /// <summary>Whose disks hold what is chosen in a slot, or held it when they were lost or
    /// damaged.</summary>
    public MemberSet HoldersOf(LogIndex slot)
    {
        MemberSet holders = default;
        for (byte member = 0; member < _disks.Length; member++)
        {
            Disk disk = _disks[member];
            IEnumerable<MultiPaxosReplica> all = disk.Lost.Concat(disk.Ghosts);
            if (disk.Held is not null)
                all = all.Append(disk.Held);
            bool holds = all.Any(
                held => _ballots.IsChosen(slot, held.State.Slots[slot].Ballot));
            if (holds)
                holders = holders.With(new Member(member));
        }

        return holders;
    }

    /// <summary>The proposer has promised its ballot itself, and is whole.</summary>
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void Leaves(Member from, in Prepare message)
    {
        RequirePromise(from, message.Ballot);
        RequireHealth(from, KernelHealth.Whole, MultiPaxosRules.DamagedIsSilent);
    }

    /// <summary>Phase 1b: the promise is there, and with it all that was accepted before.</summary>
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    public void Leaves(Member from, Member to, in Promise message)
    {
        RequirePromise(from, message.Ballot);
        RequireHealth(from, message.Health, MultiPaxosRules.UnknownIsNotNothing);
        Invariant.Holds(
            message.Ballot.Proposer == to,
            MultiPaxosRules.PromiseReportsAll,
            $"{from} promises {to} the ballot {message.Ballot}");
        if (message.Health != KernelHealth.Whole)
            return;

        Disk disk = _disks[from.Index];
        LogIndex slot = message.From;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            RequireTold(disk, slot, (from, message.Ballot, head.Ballot));
            slot = slot.Next();
        }

        bool isLast = message.Last <= message.Through;
        for (; isLast && slot <= disk.LastAccepted; slot = slot.Next())
            RequireTold(disk, slot, (from, message.Ballot, Ballot.Zero));
    }

    /// <summary>Phase 2a: the leader has promised its ballot itself; the proposals may leave before
    /// its own disk holds them.</summary>
    [Rule(MultiPaxosRules.LeaderWritesInParallel)]
    public void Leaves(Member from, in Accept message) => RequirePromise(from, message.Ballot);

    /// <summary>Phase 2b: all that is proposed in the ballot up to there is accepted.</summary>
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    [Rule(MultiPaxosRules.MajorityChooses)]
    public void Leaves(Member from, Member to, in Accepted message)
    {
        RequireHealth(from, message.Health, MultiPaxosRules.DamagedIsNotCounted);
        RequirePromise(from, message.Ballot);
        Disk disk = _disks[from.Index];
        MultiPaxosDamage damage = disk.Held?.State.Damage ?? default;
        Invariant.Holds(
            damage.Number == message.Damage,
            MultiPaxosRules.DamagedIsSilent,
            $"{from} answers as damage {DamageNumber.Text(message.Damage)}, its disk as {damage}");
        Invariant.Holds(
            _ballots.IsLed(message.Ballot, to),
            MultiPaxosRules.OneValuePerBallot,
            $"{from} accepts in {message.Ballot} from {to}");
        LogIndex proven = disk.Promised == message.Ballot
            ? ProvenNow(disk, message.Ballot)
            : disk.Proven.GetValueOrDefault(message.Ballot);
        Invariant.Holds(
            message.Through <= proven,
            MultiPaxosRules.DurableBeforeAnswer,
            $"{from} has accepted {message.Through} in {message.Ballot}, its disk {proven}");
    }

    /// <summary>It leads: its ballot is on its disk.</summary>
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void RequirePromise(Member from, Ballot ballot) => Invariant.Holds(
        HasPromised(from, ballot),
        MultiPaxosRules.DurableBeforeAnswer,
        $"the disk of {from} has no promise of {ballot}");

    /// <summary>What it says of its promise its disk has, or more.</summary>
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void RequireAtLeast(Member from, Ballot ballot)
    {
        Disk disk = _disks[from.Index];
        Invariant.Holds(
            disk.Held is not null && ballot <= disk.Promised,
            MultiPaxosRules.DurableBeforeAnswer,
            $"{from} says {ballot}, its disk {disk.Promised}");
    }

    /// <summary>Its disk says that it is at least as healthy as this.</summary>
    public void RequireHealth(Member from, KernelHealth worst, string rule)
    {
        KernelHealth? health = _disks[from.Index].Held?.State.Damage.Health;
        Invariant.Holds(health <= worst, rule, $"{from} speaks as {worst} and is {health}");
    }

    // What it has accepted in a lower ballot it tells, or a higher proposal, or what is chosen.
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    private void RequireTold(
        Disk disk, LogIndex slot, (Member From, Ballot Asked, Ballot Told) promise)
    {
        bool isAccepted = disk.Accepted.TryGetValue(slot, out Ballot accepted)
            && accepted < promise.Asked;
        Invariant.Holds(
            !isAccepted
                || accepted <= promise.Told
                || _ballots.IsChosen(slot, promise.Told),
            MultiPaxosRules.PromiseReportsAll,
            $"{promise.From} has accepted {slot} {accepted}, and tells {promise.Asked} of "
            + $"{promise.Told}");
    }

    private void Accepted(Member member, LogIndex slot)
    {
        Disk disk = _disks[member.Index];
        disk.Accepted[slot] = disk.Promised;
        disk.LastAccepted = LogIndex.Max(disk.LastAccepted, slot);

        // One that may have forgotten a promise is no acceptor.
        if (disk.Held is MultiPaxosReplica held && !IsVoiceless(held))
            _ballots.Vote(member, slot, disk.Promised);
    }

    private LogIndex ProvenNow(Disk disk, Ballot ballot)
    {
        if (_ballots.BaseOf(ballot) is not LogIndex below || disk.Held is not { } held)
            return LogIndex.Zero;

        LogIndex proven = LogIndex.Max(below, disk.Proven.GetValueOrDefault(ballot));
        while (IsProven(held, proven.Next(), ballot))
            proven = proven.Next();
        disk.Proven[ballot] = proven;
        return proven;
    }

    private bool IsProven(MultiPaxosReplica held, LogIndex slot, Ballot ballot) =>
        held.State.Slots[slot].Ballot == ballot
        || (_ballots.ChosenAt(slot) is not null
            && _ballots.IsChosen(slot, held.State.Slots[slot].Ballot));

    private static void Promised(Disk disk, Ballot ballot)
    {
        disk.Promised = ballot;
        disk.Promises.Add(ballot);
    }

    private static bool IsVoiceless(MultiPaxosReplica replica) =>
        replica.State.Damage.Health == KernelHealth.Voiceless;

    /// <summary>What is durable at one member.</summary>
    private sealed class Disk
    {
        public MultiPaxosReplica? Held { get; set; }

        public List<MultiPaxosReplica> Lost { get; } = [];

        /// <summary>What it held when it was damaged, until it is repaired.</summary>
        public List<MultiPaxosReplica> Ghosts { get; } = [];

        public Ballot Promised { get; set; }

        /// <summary>All that it ever promised.</summary>
        public HashSet<Ballot> Promises { get; } = [];

        /// <summary>The highest ballot in which it has accepted, by slot.</summary>
        public Dictionary<LogIndex, Ballot> Accepted { get; } = [];

        public LogIndex LastAccepted { get; set; }

        /// <summary>Up to here what it marks as chosen was looked at.</summary>
        public LogIndex Marked { get; set; }

        /// <summary>By record, the hash of the command.</summary>
        public Dictionary<RecordNumber, ulong> Contents { get; } = [];

        /// <summary>By ballot, of this life: how far it had accepted without a hole.</summary>
        public Dictionary<Ballot, LogIndex> Proven { get; } = [];
    }
}
