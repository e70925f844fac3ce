using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The durability table as code: of every message, what the disk of its sender holds when
/// it leaves (the table is in README.md). A frame may leave long after its gate was asked for; what
/// it then says of an older term is held against what the disk held in that term.</summary>
internal sealed class RaftDurability
{
    private readonly RaftReigns _reigns;
    private readonly Disk[] _disks;

    public RaftDurability(RaftReigns reigns, int members)
    {
        _reigns = reigns;
        _disks = new Disk[members];
        for (int member = 0; member < members; member++)
            _disks[member] = new Disk();
    }

    /// <summary>What the disk of a member holds; null from its loss to its next life.</summary>
    public RaftReplica? HeldBy(Member member) => _disks[member.Index].Held;

    /// <summary>Whether records of a member are lost and it was not repaired since.</summary>
    public bool IsDamaged(Member member) => _disks[member.Index].Ghosts.Count > 0;

    /// <summary>What a damaged member had before it was.</summary>
    public IReadOnlyList<RaftReplica> GhostsOf(Member member) => _disks[member.Index].Ghosts;

    /// <summary>A life begins with what the disk holds.</summary>
    [Rule(RaftRules.TermsGrow)]
    public void Began(Member member, RaftReplica live, RaftReplica held)
    {
        Disk disk = _disks[member.Index];
        Term term = held.State.CurrentTerm;
        Invariant.Holds(
            disk.Term <= term || live.State.Damage.Health == KernelHealth.Voiceless,
            RaftRules.TermsGrow,
            $"the disk of {member} held {disk.Term} and gives back {term}");
        disk.Held = held;
        disk.Term = term;
        disk.Proven.Clear();
        if (held.State.VotedFor is Member candidate)
            Voted(disk, member, new VoteRecord(term, candidate));
    }

    /// <summary>A term and a vote have become durable.</summary>
    [Rule(RaftRules.TermsGrow)]
    public void Voted(Member member, in VoteRecord vote)
    {
        Disk disk = _disks[member.Index];
        Invariant.Holds(
            disk.Term <= vote.Term,
            RaftRules.TermsGrow,
            $"the disk of {member} holds {disk.Term} and takes {vote.Term}");

        // Answers of the term that ends now may still be held back; entries that they acknowledge
        // may be overwritten before they leave, in a newer term and rightly so (§5.3).
        if (disk.Term < vote.Term && disk.Held is RaftReplica held)
            disk.Proven[disk.Term] = _reigns.CommonPrefix(held.State.Log, disk.Term);
        disk.Term = vote.Term;
        if (vote.VotedFor is not null)
            Voted(disk, member, vote);
    }

    /// <summary>Records are lost. What they said counts on, as of one that is silent.</summary>
    public void Damaged(Member member)
    {
        Disk disk = _disks[member.Index];
        if (disk.Held is { State.Damage.Health: KernelHealth.Whole } held)
            disk.Ghosts.Add(held);
        disk.Held = null;
        disk.Proven.Clear();
    }

    /// <summary>A damaged member has again all that matters.</summary>
    public void Repaired(Member member) => _disks[member.Index].Ghosts.Clear();

    /// <summary>The disk is lost. What it held counts on, as one that does not answer.</summary>
    public void Lost(Member member)
    {
        Disk disk = _disks[member.Index];
        if (disk.Held is RaftReplica held)
            disk.Lost.Add(held);
        disk.Lost.AddRange(disk.Ghosts);
        disk.Ghosts.Clear();
        disk.Held = null;
        disk.Term = Term.Zero;
        disk.Votes.Clear();
        disk.Proven.Clear();
    }

    /// <summary>Whose disks hold an entry, or held it when they were lost or damaged. What a
    /// damaged member takes in does not count until it is repaired.</summary>
    public MemberSet HoldersOf(LogIndex index, Term term)
    {
        MemberSet holders = default;
        for (byte member = 0; member < _disks.Length; member++)
        {
            Disk disk = _disks[member];
            bool holds = disk.Ghosts.Count == 0
                && disk.Held is RaftReplica held
                && IsIn(held.State.Log, index, term);
            foreach (RaftReplica lost in disk.Lost.Concat(disk.Ghosts))
                holds |= IsIn(lost.State.Log, index, term);
            if (holds)
                holders = holders.With(new Member(member));
        }

        return holders;
    }

    /// <summary>Whether the disk holds, or held in an older term, a vote.</summary>
    public bool HasVote(Member voter, Term term, Member candidate) =>
        _disks[voter.Index].Votes.TryGetValue(term, out Member votedFor)
        && votedFor == candidate;

    /// <summary>Figure 2, §5.2: the candidate has raised its term and voted for itself. A pre-vote
    /// raises nothing (thesis §9.6).</summary>
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void Leaves(Member from, in RequestVote message)
    {
        RequireHealth(from, KernelHealth.Whole, RaftRules.DamagedIsSilent);
        if (!message.IsPreVote)
            RequireVote(from, message.Term, from);
    }

    /// <summary>Figure 2, §5.4.1: the vote is given. A refusal says the term; a promise of a vote
    /// binds nobody (thesis §9.6).</summary>
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void Leaves(Member from, Member to, in VoteReply message)
    {
        if (message.IsGranted)
            RequireHealth(from, KernelHealth.Damaged, RaftRules.DamagedVotesByWhatItHad);
        if (!message.IsGranted)
            RequireTerm(from, message.Term);
        else if (!message.IsPreVote)
            RequireVote(from, message.Term, to);
    }

    /// <summary>Thesis §10.2.1: the leader was elected, hence has its term and its own vote; the
    /// entries may leave before its own disk holds them.</summary>
    [Rule(RaftRules.LeaderWritesInParallel)]
    public void Leaves(Member from, in AppendEntries message) =>
        RequireVote(from, message.Term, from);

    /// <summary>Figure 2, §5.3: what it acknowledges is there, as the leader of the term has
    /// written it. A refusal says the term.</summary>
    [Rule(RaftRules.DurableBeforeAnswer)]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void Leaves(Member from, Member to, in AppendReply message)
    {
        RequireTerm(from, message.Term);
        RequireHealth(from, message.Health, RaftRules.DamagedIsNotCounted);
        RaftDamage damage = _disks[from.Index].Held?.State.Damage ?? default;
        Invariant.Holds(
            damage.Number == message.Damage,
            RaftRules.DamagedIsSilent,
            $"{from} answers as damage {DamageNumber.Text(message.Damage)}, its disk as {damage}");
        if (!message.IsAccepted)
            return;

        Member? leader = _reigns.LeaderOf(message.Term);
        Invariant.Holds(
            leader == to,
            RaftRules.AcceptProvesItsEntries,
            $"{from} accepts entries of {message.Term} from {to}; {leader} led");
        LogIndex proven = ProvenBy(from, message.Term);
        Invariant.Holds(
            message.Index <= proven,
            RaftRules.DurableBeforeAnswer,
            $"{from} acknowledges {message.Index} in {message.Term}, its disk has {proven}");
    }

    // Its disk says that it is at least as healthy as this.
    private void RequireHealth(Member from, KernelHealth worst, string rule)
    {
        KernelHealth? health = _disks[from.Index].Held?.State.Damage.Health;
        Invariant.Holds(health <= worst, rule, $"{from} speaks as {worst} and is {health}");
    }

    /// <summary>Its disk says that term, or a newer one.</summary>
    public void RequireTerm(Member from, Term term)
    {
        Disk disk = _disks[from.Index];
        Invariant.Holds(
            disk.Held is not null && term <= disk.Term,
            RaftRules.DurableBeforeAnswer,
            $"{from} says {term}, its disk {disk.Term}");
    }

    /// <summary>Its disk says for whom it has voted in a term.</summary>
    public void RequireVote(Member from, Term term, Member candidate)
    {
        RequireTerm(from, term);
        Invariant.Holds(
            HasVote(from, term, candidate),
            RaftRules.DurableBeforeAnswer,
            $"the disk of {from} has no vote in {term} for {candidate}");
    }

    private LogIndex ProvenBy(Member member, Term term)
    {
        Disk disk = _disks[member.Index];
        return disk.Term == term && disk.Held is RaftReplica held
            ? _reigns.CommonPrefix(held.State.Log, term)
            : disk.Proven.GetValueOrDefault(term);
    }

    [Rule(RaftRules.OneVotePerTerm)]
    private static void Voted(Disk disk, Member member, in VoteRecord vote)
    {
        Member candidate = vote.VotedFor.GetValueOrDefault();
        bool isFirst = disk.Votes.TryAdd(vote.Term, candidate);
        Invariant.Holds(
            isFirst || disk.Votes[vote.Term] == candidate,
            RaftRules.OneVotePerTerm,
            $"{member} wrote votes for {disk.Votes[vote.Term]} and {candidate} in {vote.Term}");
    }

    private static bool IsIn(RaftLog log, LogIndex index, Term term) =>
        index <= log.Last && log.TermAt(index) == term;

    /// <summary>What is durable at one member.</summary>
    private sealed class Disk
    {
        public RaftReplica? Held { get; set; }

        public List<RaftReplica> Lost { get; } = [];

        /// <summary>What it held when it was damaged, until it is repaired.</summary>
        public List<RaftReplica> Ghosts { get; } = [];

        public Term Term { get; set; }

        /// <summary>Votes by term, of all terms.</summary>
        public Dictionary<Term, Member> Votes { get; } = [];

        /// <summary>Of past terms of this life: how far the log was the leader's when the term
        /// ended.</summary>
        public Dictionary<Term, LogIndex> Proven { get; } = [];
    }
}
