using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A group of bare kernels of any protocol, without runtime, log or network: whoever
/// drives it decides what is delivered, made durable, lost and when. The audit of the protocol and
/// that of clients watch; what does not hold throws <see cref="InvariantBrokenException"/>. Owned
/// by one thread.</summary>
internal sealed class KernelGroup
{
    /// <summary>The rule that a log gives back what was appended.</summary>
    public const string Comes = "Synod design §3: a kernel takes back every record it has written";

    private readonly GroupMember[] _members;
    private readonly MemberSet[] _cut;
    private MemberSet _unsettled;

    public KernelGroup(GroupSetup setup, GroupTrace? trace = null)
    {
        Setup = setup;
        Trace = trace;
        Audit = setup.Protocol.Audit(setup.Epoch);
        Audit.Clocks = _ => Now;
        Requests = new GroupRequests(setup.Members);
        _cut = new MemberSet[setup.Members];
        _members = new GroupMember[setup.Members];
        for (int member = 0; member < _members.Length; member++)
            _members[member] = new GroupMember(new Member((byte)member), this);
    }

    public GroupSetup Setup { get; }

    public GroupTrace? Trace { get; }

    public IProtocolAudit Audit { get; }

    public GroupRequests Requests { get; }

    public Instant Now { get; private set; }

    public IReadOnlyList<GroupMember> Members => _members;

    /// <summary>Frames on their way, oldest first.</summary>
    public List<GroupFlight> Flights { get; } = [];

    public GroupMember this[Member member] => _members[member.Index];

    /// <summary>Lets time pass. Nobody wakes by it.</summary>
    public void PassUntil(Instant time) => Now = time > Now ? time : Now;

    public void Start()
    {
        foreach (GroupMember member in _members)
            Begin(member);
    }

    public void Begin(GroupMember member)
    {
        string records = member.Appended == default ? "nothing" : $"r1 to {member.Appended}";
        foreach ((RecordNumber from, RecordNumber through, _) in member.Records.Lost)
            records += from == through ? $" without {from}" : $" without {from} to {through}";
        Trace?.Input($"{member.Self} begins life {member.Life + 1} with {records}");
        member.Begin();
    }

    /// <summary>Ends a life with its process; the first <paramref name="kept"/> records that are
    /// not durable survive.</summary>
    public void Crash(GroupMember member, int kept)
    {
        RecordNumber before = member.Appended;
        member.End(kept);
        Requests.Ended(member.Self);
        _unsettled = _unsettled.Without(member.Self);
        long lost = before.Number - member.Appended.Number;
        string loss = lost switch
        {
            0 => "no record",
            1 => $"{before}",
            _ => $"{member.Appended.Next()} to {before}",
        };
        Trace?.Input($"{member.Self} crashes and loses {loss}");
    }

    /// <summary>Damages records of a member that is down.</summary>
    public void Corrupt(GroupMember member, RecordNumber from, RecordNumber through, bool isBlind)
    {
        member.Records.Lose(from, through, isBlind);
        string what = from == through ? $"{from}" : $"{from} to {through}";
        Trace?.Input($"{member.Self} loses {what}{(isBlind ? ", perhaps a statement" : "")}");
        Audit.Damaged(member.Self);
    }

    /// <summary>Ends a life and begins another one in the same process: what was appended becomes
    /// durable first, and what was not performed never is (design §3).</summary>
    public void RestartInPlace(GroupMember member)
    {
        Trace?.Input($"{member.Self} ends life {member.Life}; {member.Appended} becomes durable");
        member.BecomeDurable(member.Appended);
        member.End(0);
        Requests.Ended(member.Self);
        Begin(member);
    }

    /// <summary>Wakes a member when it has asked for it, or now if that time has passed.</summary>
    public void Wake(GroupMember member)
    {
        PassUntil(member.Due);
        Trace?.Input($"{member.Self} wakes at {Now}");
        member.Wake();
    }

    public void Persist(GroupMember member, RecordNumber through)
    {
        Trace?.Input($"{member.Self} has {through} durable");
        member.Flush(through);
        member.SayPersisted();
    }

    public void Deliver(GroupFlight flight)
    {
        Flights.Remove(flight);
        DeliverCopy(flight);
    }

    /// <summary>Delivers a frame and leaves it on its way.</summary>
    public void DeliverCopy(GroupFlight flight)
    {
        GroupMember to = this[flight.To];
        string frame = Trace is null ? "" : Describe(flight);
        if (!to.IsUp)
        {
            Trace?.Input($"{flight.To} is down; lost from {flight.From} {frame}");
            return;
        }

        Trace?.Input($"{flight.To} <- {flight.From} {frame}");
        Audit.Arrives(flight.From, flight.To, flight.Frame);
        to.Receive(flight.From, flight.Frame);
    }

    public void Drop(GroupFlight flight)
    {
        Flights.Remove(flight);
        Trace?.Input($"lost {flight.From} -> {flight.To} {Describe(flight)}");
    }

    public void Duplicate(GroupFlight flight)
    {
        Flights.Add(flight with { });
        Trace?.Input($"twice {flight.From} -> {flight.To} {Describe(flight)}");
    }

    public void Propose(GroupMember member, string command)
    {
        GroupRequest request = Requests.Ask(member.Self, command);
        Trace?.Input($"{member.Self} is asked {request.Id}: \"{command}\"");
        member.Propose(request.Id, command);
    }

    public void Read(GroupMember member)
    {
        GroupRequest request = Requests.Ask(member.Self, null);
        Trace?.Input($"{member.Self} is asked {request.Id}: a read");
        Audit.Reads(member.Self, request.Id, Setup.Reads);
        member.Read(request.Id);
    }

    public void Transfer(GroupMember member, TransferOrder order)
    {
        GroupRequest request = Requests.AskToTransfer(member.Self);
        Trace?.Input($"{member.Self} is asked {request.Id}: a transfer {order}");
        member.Transfer(request.Id, order);
    }

    public void Hear(GroupMember member, Member peer, bool isUp)
    {
        Trace?.Input($"{member.Self} hears that {peer} is {(isUp ? "up" : "down")}");
        member.Hear(peer, isUp);
    }

    public void Feel(GroupMember member, StoragePressure pressure)
    {
        Trace?.Input($"{member.Self} has pressure {pressure}");
        member.Feel(pressure);
    }

    /// <summary>Loses all that leaves in this direction from now on.</summary>
    public void Cut(Member from, Member to) => _cut[from.Index] = _cut[from.Index].With(to);

    public void Heal() => Array.Clear(_cut);

    /// <summary>Ends the turn of every member that had an input.</summary>
    public void Settle()
    {
        foreach (GroupMember member in _members)
            Settle(member);
    }

    public void Settle(GroupMember member)
    {
        if (!_unsettled.Contains(member.Self))
            return;

        member.Settle();
        _unsettled = _unsettled.Without(member.Self);
    }

    /// <summary>A member has taken an input.</summary>
    public void Stepped(GroupMember member, Outbox outbox)
    {
        _unsettled = _unsettled.With(member.Self);
        if (Trace is not null)
        {
            foreach (string line in EffectText.Describe(member.Kernel, outbox))
                Trace.Outcome(line);
        }

        Audit.Stepped(member.Self, outbox, 0);
    }

    /// <summary>The gate of a frame is open.</summary>
    public void Leaves(GroupMember from, MemberSet to, byte[] frame)
    {
        foreach (Member target in to)
        {
            Audit.Leaves(from.Self, target, frame);
            if (_cut[from.Self.Index].Contains(target))
                Trace?.Outcome($"lost on the way to {target}");
            else
                Flights.Add(new GroupFlight(from.Self, target, frame));
        }
    }

    /// <summary>A digest of the whole group, one frame left out. Frames on their way are a bag:
    /// their order says nothing, since any of them may be the next.</summary>
    public ulong Digest(GroupFlight? without = null)
    {
        ulong flying = unchecked(0 - DigestOf(without));
        foreach (GroupFlight flight in Flights)
            flying = unchecked(flying + DigestOf(flight));

        StateHash hash = default;
        hash.Add(unchecked((long)flying));
        foreach (GroupMember member in _members)
            member.Digest(ref hash);
        Requests.Digest(ref hash);
        return hash.Value;
    }

    public string Describe(GroupFlight flight) =>
        this[flight.From].Kernel.DescribeFrame(flight.Frame);

    private static ulong DigestOf(GroupFlight? flight)
    {
        if (flight is null)
            return 0;

        StateHash hash = default;
        hash.Add(flight.From.Index);
        hash.Add(flight.To.Index);
        hash.Add(flight.Frame);
        return hash.Value;
    }
}
