using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What the audit has last seen of a member.</summary>
internal sealed class EPaxosSeat(Member member, int members)
    : AuditSeat<EPaxosReplica>(member)
{
    /// <summary>What its disk has promised for certain, by instance.</summary>
    public Dictionary<InstanceId, Ballot> Promised { get; } = [];

    /// <summary>Which instances a command in a record is of: one that was recovered as nothing
    /// is proposed again.</summary>
    public Dictionary<Payload, List<(InstanceId Id, int Place)>> Commands { get; } = [];

    /// <summary>What it has executed in this life.</summary>
    public HashSet<(InstanceId Id, int Place)> Executed { get; } = [];

    /// <summary>How many commands of an instance are still to be executed, right behind those
    /// before.</summary>
    public (InstanceId Id, int Left) Executing { get; set; }

    /// <summary>The last executed of those that write a key, and of those that touch
    /// everything, with when it was.</summary>
    public Dictionary<ulong, (InstanceId Id, long Place)> Last { get; } = [];

    /// <summary>The newest record that is durable.</summary>
    public RecordNumber Durable { get; set; }

    /// <summary>What is delivered behind what, and is not known to be durable.</summary>
    public Queue<(RecordNumber Gate, (ulong Key, InstanceId Id) One, InstanceId Before)> Ordered
    {
        get;
    } = [];

    /// <summary>Reads that are asked for.</summary>
    public Dictionary<RequestId, (Footprint Footprint, long Moment)> Reads { get; } = [];

    /// <summary>What its records say of votes: phase and dependencies.</summary>
    public Dictionary<InstanceId, (EPaxosPhase Phase, EPaxosCover Dep)> Votes { get; } = [];

    /// <summary>Of which instances there were records in this step.</summary>
    public List<InstanceId> Touched { get; } = [];

    /// <summary>What conflicts, by the records of this life and of those before.</summary>
    public EPaxosConflicts Conflicts { get; private set; } = new(members);

    /// <summary>Whose command was said to be decided, and behind which record.</summary>
    public Dictionary<RequestId, RecordNumber> Told { get; } = [];

    /// <summary>The read that the kernel is asked for in this step; none in any other.</summary>
    public RequestId Asking { get; set; }

    /// <summary>With which question a read was sent to others.</summary>
    public Dictionary<RequestId, GatherTicket> Tickets { get; } = [];

    /// <summary>Which recoveries have said, here or to this member, that they wait, and how
    /// many agree with the owner at most.</summary>
    public Dictionary<InstanceId, int> Waiting { get; } = [];

    /// <summary>Whether records were damaged since its last life.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Of which instances its disk has ever said something, in any life; what is lost
    /// counts on.</summary>
    public HashSet<InstanceId> EverTold { get; } = [];

    /// <summary>Whether it has said, durably or not, that no record is lost that matters.</summary>
    public bool IsRepaired { get; set; } = true;

    /// <summary>With which question it asks in this life what others have used.</summary>
    public GatherTicket AskingForUsed { get; set; }

    /// <summary>Who has answered that, and with which slot first.</summary>
    public Dictionary<Member, long> UsedBy { get; } = [];

    /// <summary>What its snapshot has in it, by its disk.</summary>
    public EPaxosCover Saved { get; set; }

    private HashSet<InstanceId> Known { get; } = [];

    private Dictionary<GatherTicket, MemberSet> Answers { get; } = [];

    public void Hears(Member from, GatherTicket ticket) =>
        Answers[ticket] = Answers.GetValueOrDefault(ticket).With(from);

    public void Hears(in Waiting message)
    {
        int known = Waiting.GetValueOrDefault(message.Id);
        Waiting[message.Id] = Math.Max(known, message.Count);
    }

    public void Hears(Member from, in Used message)
    {
        if (message.Ticket == AskingForUsed)
            UsedBy.TryAdd(from, message.Last);
    }

    /// <summary>Who has answered a question.</summary>
    public MemberSet AnsweredBy(GatherTicket ticket) => Answers.GetValueOrDefault(ticket);

    public void Names(in EPaxosCommands commands, int[]? parts, InstanceId id)
    {
        for (int place = 0; place < (parts?.Length ?? 1); place++)
        {
            Payload command = commands.At(place, parts);
            if (!Commands.TryGetValue(command, out List<(InstanceId, int)>? named))
                Commands[command] = named = [];
            if (!named.Contains((id, place)))
                named.Add((id, place));
        }
    }

    /// <summary>A no-op that is not decided, and of which nobody has told what it would
    /// replace, may be revived as anything.</summary>
    public void Knows(InstanceId id, in EPaxosValue value, bool isDecided)
    {
        if (value.IsSubmitted && Known.Add(id))
            Conflicts.Add(id, value.Footprint);
        else if (value.Kind == EPaxosValueKind.NoOp && !isDecided && !Known.Contains(id))
            Conflicts.AddUnknown(id);
    }

    public void Forget()
    {
        Promised.Clear();
        IsDamaged = true;
    }

    protected override void Began(EPaxosReplica live)
    {
        Votes.Clear();
        Known.Clear();
        Told.Clear();
        Tickets.Clear();
        Answers.Clear();
        Waiting.Clear();
        Conflicts = new EPaxosConflicts(members);
        Commands.Clear();
        Executed.Clear();
        Executing = default;
        Last.Clear();
        Reads.Clear();
        Ordered.Clear();
        AskingForUsed = default;
        UsedBy.Clear();
        IsRepaired = !live.State.IsVoiceless;
        foreach (EPaxosInstance instance in live.State.All())
        {
            EverTold.Add(instance.Id);
            Votes[instance.Id] = (instance.Phase, instance.Dep);
            Knows(instance.Id, instance.IsKnown
                ? instance.Submitted
                : new EPaxosValue(instance.Holds), instance.IsCommitted);

            // All that a life begins with is durable.
            Names(instance.Command, instance.Submitted.Parts, instance.Id);
            if (Durable < instance.CommittedBy)
                Durable = instance.CommittedBy;
        }
    }
}
