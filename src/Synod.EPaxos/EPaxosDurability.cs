using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>The durability table as code: of every message, what the disk of its sender holds when
/// it leaves (the table is in README.md).</summary>
internal sealed class EPaxosDurability
{
    private readonly EPaxosVotes _votes;
    private readonly Disk[] _disks;

    public EPaxosDurability(EPaxosVotes votes, int members)
    {
        _votes = votes;
        _disks = new Disk[members];
        for (int member = 0; member < members; member++)
            _disks[member] = new Disk();
    }

    /// <summary>What the disk of a member holds; null from its loss to its next life.</summary>
    public EPaxosReplica? HeldBy(Member member) => _disks[member.Index].Held;

    /// <summary>A life begins with what the disk holds. Records that nobody knew to be durable may
    /// have survived.</summary>
    public void Began(Member member, EPaxosReplica held)
    {
        Disk disk = _disks[member.Index];
        disk.Held = held;
        foreach (EPaxosInstance instance in held.State.All())
            Survived(member, disk, instance);
    }

    /// <summary>A record has become durable that a command follows.</summary>
    public void Held(Member member, RecordNumber number, ReadOnlySpan<byte> command) =>
        _disks[member.Index].Contents[number] = command.ToArray();

    /// <summary>A record has become durable.</summary>
    public void Durable(Member member, RecordNumber number, in InstanceRecord record)
    {
        Disk disk = _disks[member.Index];
        if (record.Value.IsSubmitted && ContentOf(disk, number, record) is byte[] content)
            _votes.MeetContent((member, record.Id), record.Value, StableHash.Of(content));
        EPaxosVotes.Proposed proposed = new(record.Value.Kind, record.Dep);
        switch (record.Kind)
        {
            case EPaxosKind.PreAcceptedRecord:
                _votes.MeetInitial(member, record.Id, record.Initial);
                PreAccepted(member, disk, record.Id, (record.Initial, record.Dep));
                break;
            case EPaxosKind.AcceptedRecord:
                _votes.MeetProposal((member, record.Id), record.Ballot, proposed);
                Accepted(member, disk, record.Id, record.Ballot);
                break;
            case EPaxosKind.PromisedRecord:
                _votes.Promise(member, record.Id, record.Ballot);
                break;
            case EPaxosKind.ValidatedRecord:
                disk.Validated.Add(record.Id);
                break;
            case EPaxosKind.CommittedRecord:
                _votes.Decide((member, record.Id), proposed);
                break;
        }
    }

    /// <summary>Records, or all of the disk, are lost. What they said counts on.</summary>
    public void Lost(Member member) => _disks[member.Index] = new Disk();

    /// <summary>The slot is reserved.</summary>
    [Rule(EPaxosRules.SlotsAreReserved)]
    [Rule(EPaxosRules.OwnerWritesInParallel)]
    public void Leaves(Member from, in PreAccept message)
    {
        RequireVoice(from);
        Invariant.Holds(
            HeldBy(from) is not EPaxosReplica held || message.Id.Slot <= held.State.Reserved,
            EPaxosRules.SlotsAreReserved,
            $"{from} proposes {message.Id}, reserved is {HeldBy(from)?.State.Reserved}");
    }

    /// <summary>The reservation of an own slot that a message names, whatever it says.</summary>
    [Rule(EPaxosRules.SlotsAreReserved)]
    public void Names(Member from, long slot) => Invariant.Holds(
        HeldBy(from) is not EPaxosReplica held || slot <= held.State.Reserved,
        EPaxosRules.SlotsAreReserved,
        $"{from} names its slot {slot}, reserved is {HeldBy(from)?.State.Reserved}");

    /// <summary>The very vote.</summary>
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    [Rule(EPaxosRules.PreAcceptOnce)]
    public void Leaves(Member from, in PreAcceptOk message)
    {
        RequireVoice(from);
        bool isThere = _disks[from.Index].PreAccepted.TryGetValue(
            message.Id, out EPaxosCover dep);
        Invariant.Holds(
            isThere && dep == message.Dep,
            EPaxosRules.DurableBeforeAnswer,
            $"{from} says {message}, its disk {(isThere ? $"{dep}" : "nothing")}");
    }

    /// <summary>Above ballot 0 a quorum has promised, the proposer with it.</summary>
    [Rule(EPaxosRules.OneValuePerBallot)]
    public void Leaves(Member from, in Accept message, int quorum)
    {
        RequireVoice(from);
        MemberSet promised = _votes.PromisedBy(message.Id, message.Ballot);
        Invariant.Holds(
            message.Ballot == Ballot.Zero
                || (promised.Contains(from) && promised.Count >= quorum),
            EPaxosRules.RecoveryChooses,
            $"{from} proposes {message}, promised by {promised}");
        EPaxosVotes.Proposed proposed = new(message.Value.Kind, message.Dep);
        _votes.MeetProposal((from, message.Id), message.Ballot, proposed);
    }

    /// <summary>The very vote.</summary>
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void Leaves(Member from, in AcceptOk message)
    {
        RequireVoice(from);
        Invariant.Holds(
            _votes.AcceptedBy(message.Id, message.Ballot).Contains(from),
            EPaxosRules.DurableBeforeAnswer,
            $"{from} says {message}, its disk does not");
    }

    /// <summary>The decision.</summary>
    [Rule(EPaxosRules.CommitIsDurable)]
    public void Leaves(Member from, in Commit message) => Invariant.Holds(
        HeldBy(from) is not EPaxosReplica held
            || held.State.IsCommitted(message.Id),
        EPaxosRules.CommitIsDurable,
        $"{from} says {message}, its disk does not");

    /// <summary>The promise.</summary>
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void RequirePromise(Member from, InstanceId id, Ballot ballot)
    {
        RequireVoice(from);
        Invariant.Holds(
            _votes.PromisedBy(id, ballot).Contains(from),
            EPaxosRules.DurableBeforeAnswer,
            $"{from} speaks of {id} in {ballot}, its disk has no such promise");
    }

    /// <summary>The promise, and with it all that was voted for before.</summary>
    [Rule(EPaxosRules.PromiseKeepsVote)]
    public void Leaves(Member from, in RecoverOk message)
    {
        RequirePromise(from, message.Id, message.Ballot);
        Invariant.Holds(
            HeldBy(from) is not EPaxosReplica held || !held.State.IsTruncated(message.Id),
            EPaxosRules.TruncatedIsSaid,
            $"{from} says {message} of what it has truncated");
        Disk disk = _disks[from.Index];
        Ballot asked = message.Ballot;
        Ballot? accepted = disk.Accepted.TryGetValue(message.Id, out SortedSet<Ballot>? all)
            ? all.Where(ballot => ballot < asked).Select(static one => (Ballot?)one).LastOrDefault()
            : null;
        bool isPreAccepted = disk.PreAccepted.TryGetValue(message.Id, out EPaxosCover dep);
        bool isVote = isPreAccepted && dep == message.Dep;
        bool isTold = accepted is Ballot ballot
            ? message.Phase == EPaxosPhase.Accepted && ballot <= message.AcceptedIn
            : message.Phase switch
            {
                EPaxosPhase.Initial => !isPreAccepted,
                EPaxosPhase.PreAccepted => isVote,
                _ => true,
            };
        Invariant.Holds(
            isTold,
            EPaxosRules.PromiseKeepsVote,
            $"{from} says {message}, accepted in {accepted} and pre-accepted: {isPreAccepted}");
    }

    /// <summary>The command and its first dependencies.</summary>
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    [Rule(EPaxosRules.ValidateIsNoVote)]
    public void Leaves(Member from, in ValidateOk message)
    {
        RequirePromise(from, message.Id, message.Ballot);
        Disk disk = _disks[from.Index];
        Invariant.Holds(
            disk.Validated.Contains(message.Id) || disk.PreAccepted.ContainsKey(message.Id),
            EPaxosRules.DurableBeforeAnswer,
            $"{from} says {message}, its disk has not validated it");
    }

    /// <summary>All of it.</summary>
    [Rule(EPaxosRules.CommitIsDurable)]
    public void Leaves(Member from, in Frontier message) => Invariant.Holds(
        HeldBy(from) is not EPaxosReplica held
            || held.State.CommittedThroughAll().Includes(message.Through),
        EPaxosRules.CommitIsDurable,
        $"{from} says {message}, its disk {HeldBy(from)?.State.CommittedThroughAll()}");

    /// <summary>Who is damaged has no voice.</summary>
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void RequireVoice(Member from) => Invariant.Holds(
        HeldBy(from) is not { State.IsVoiceless: true },
        EPaxosRules.DamagedIsSilent,
        $"{from} votes and may have forgotten votes");

    private void Survived(Member member, Disk disk, EPaxosInstance instance)
    {
        if (instance.Promised > Ballot.Zero && !instance.IsCommitted)
            _votes.Promise(member, instance.Id, instance.Promised);
        EPaxosVotes.Proposed held = new(instance.Holds, instance.Dep);
        if (instance.Phase == EPaxosPhase.Accepted)
            _votes.MeetProposal((member, instance.Id), instance.AcceptedIn, held);
        if (instance.Phase == EPaxosPhase.PreAccepted)
            _votes.MeetInitial(member, instance.Id, instance.InitialDep);
        if (instance.Phase == EPaxosPhase.PreAccepted)
            PreAccepted(member, disk, instance.Id, (instance.InitialDep, instance.Dep));
        if (instance.Phase == EPaxosPhase.Accepted)
            Accepted(member, disk, instance.Id, instance.AcceptedIn);
        if (instance.HasInitial)
            disk.Validated.Add(instance.Id);
    }

    // Null if a record that has some of it was never durable in this life.
    private static byte[]? ContentOf(Disk disk, RecordNumber number, in InstanceRecord record)
    {
        if (record.Value is not { Length: > 0, IsCarried: false })
            return disk.Contents.GetValueOrDefault(number);

        List<byte> content = [];
        for (int place = 0; place < record.Command.Count; place++)
        {
            if (!disk.Contents.TryGetValue(
                record.Command.PlaceAt(place).Record, out byte[]? bytes))
            {
                return null;
            }

            content.AddRange(bytes);
        }

        return [.. content];
    }

    private void PreAccepted(
        Member member, Disk disk, InstanceId id, (EPaxosCover Initial, EPaxosCover Dep) vote)
    {
        disk.PreAccepted[id] = vote.Dep;
        if (vote.Initial == vote.Dep)
            _votes.Agree(member, id);
    }

    private void Accepted(Member member, Disk disk, InstanceId id, Ballot ballot)
    {
        if (!disk.Accepted.TryGetValue(id, out SortedSet<Ballot>? ballots))
            disk.Accepted[id] = ballots = [];
        ballots.Add(ballot);
        _votes.Accept(member, id, ballot);

        // Who accepts has promised, also where the question came later.
        _votes.Promise(member, id, ballot);
    }

    /// <summary>What is, or was, durable at one member.</summary>
    private sealed class Disk
    {
        public EPaxosReplica? Held { get; set; }

        /// <summary>By record, the commands that follow it.</summary>
        public Dictionary<RecordNumber, byte[]> Contents { get; } = [];

        public Dictionary<InstanceId, EPaxosCover> PreAccepted { get; } = [];

        public Dictionary<InstanceId, SortedSet<Ballot>> Accepted { get; } = [];

        public HashSet<InstanceId> Validated { get; } = [];
    }
}
