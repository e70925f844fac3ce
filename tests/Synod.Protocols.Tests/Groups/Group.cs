using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>A whole group on a network in memory; everything that happens is audited. Whoever
/// drives it decides what is delivered, flushed, lost and when.</summary>
internal class Group : IWorld
{
    private const int StepsPerCheck = 32;

    private readonly GroupMember[] _members;
    private readonly bool[] _isDirty;
    private readonly MemberSet[] _cut;
    private readonly HashSet<long> _reigns = [];
    private readonly IProtocolAudit _protocol;
    private readonly GroupSetup _setup;
    private int _steps;

    public Group(GroupSetup setup)
    {
        _setup = setup;
        _members = new GroupMember[setup.Members];
        _isDirty = new bool[setup.Members];
        _cut = new MemberSet[setup.Members];
        for (int member = 0; member < _members.Length; member++)
            _members[member] = (setup with { World = this }).NewMember(member);
        Audit = new RequestAudit(_members);
        _protocol = setup.Protocol.Audit(setup.Epoch());
        _protocol.Clocks = member => _members[member.Index].Now;
        foreach (GroupMember member in _members)
            Restart(member);
    }

    public virtual IReadOnlyList<GroupMember> Members => _members;

    /// <summary>Watches what clients see.</summary>
    public RequestAudit Audit { get; }

    /// <summary>Watches what the protocol promises.</summary>
    public virtual IProtocolAudit Protocol => _protocol;

    /// <summary>How many reigns there have been.</summary>
    public int LeaderCount => _reigns.Count;

    /// <summary>How long a frame takes when <see cref="Run"/> drives.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Frames on their way, oldest first.</summary>
    public List<Flight> Flights { get; } = [];

    public List<string>? Trace { get; set; }

    /// <summary>The one true time. Clocks of members have another origin, each its own.</summary>
    public Instant Now { get; private set; }

    /// <summary>Who leads, or one of those who serve if nobody leads.</summary>
    public virtual GroupMember? Leader => _members
        .Where(static member => member.IsUp && member.Leads)
        .MaxBy(static member => member.Kernel.Status.Term);

    public bool IsCut(GroupMember from, GroupMember to) => _cut[from.Self.Index].Contains(to.Self);

    /// <summary>Loses all frames of one direction from now on.</summary>
    public void Cut(GroupMember from, GroupMember to) =>
        _cut[from.Self.Index] = _cut[from.Self.Index].With(to.Self);

    public void Isolate(GroupMember member)
    {
        foreach (GroupMember other in _members)
        {
            Cut(member, other);
            Cut(other, member);
        }
    }

    public void Heal() => Array.Clear(_cut);

    public void Pass(TimeSpan time)
    {
        Now += time;
        for (int member = 0; member < _members.Length; member++)
            _members[member].Now = Now + TimeSpan.FromHours(member + 1);
    }

    /// <summary>Delivers a frame, or loses it if there is no way.</summary>
    public void Deliver(Flight flight)
    {
        (GroupMember from, GroupMember to, byte[] frame, _) = flight;
        if (!to.IsUp || IsCut(from, to))
            return;

        Trace?.Add($"{to.Self} <- {from.Self} {to.Kernel.DescribeFrame(frame)}");
        _protocol.Arrives(from.Self, to.Self, frame);
        to.Receive(from.Self.Index, frame);
    }

    public void Wake(GroupMember member)
    {
        Trace?.Add($"{member.Self} wakes at {Now}");
        member.Wake();
    }

    public void Flush(GroupMember member, RecordNumber through)
    {
        Trace?.Add($"{member.Self} flushes {through}");
        member.Flush(through);
    }

    public void SayPersisted(GroupMember member)
    {
        Trace?.Add($"{member.Self} hears that {member.Durable} is durable");
        member.SayPersisted();
    }

    public void Propose(GroupMember member, byte[] command)
    {
        RequestId request = Audit.Proposes(member, command);
        Trace?.Add($"{member.Self} proposes {request}");
        member.Propose(request.Number, command);
    }

    public void Read(GroupMember member)
    {
        RequestId request = Audit.Reads(member);
        Trace?.Add($"{member.Self} reads {request}");
        _protocol.Reads(member.Self, request, _setup.Reads);
        member.Read(request.Number);
    }

    public void Transfer(GroupMember member, TransferOrder order)
    {
        RequestId request = Audit.Transfers(member);
        Trace?.Add($"{member.Self} transfers {request} {order}");
        member.Transfer(request.Number, order);
    }

    public void Pressure(GroupMember member, StoragePressure pressure)
    {
        Trace?.Add($"{member.Self} pressure {pressure}");
        if (member.IsUp)
            member.Pressure(pressure);
    }

    /// <summary>A member takes a snapshot, if it may.</summary>
    public void Snapshot(GroupMember member)
    {
        if (!member.IsUp || !member.IsDrained || !_setup.MaySnapshot(member, _members))
            return;

        Trace?.Add($"{member.Self} has a snapshot of {Audit.DeliveredBy(member)} commands");
        member.Snapshot(Audit.DeliveredBy(member));
    }

    public void PeerDown(GroupMember member, GroupMember peer)
    {
        Trace?.Add($"{member.Self} hears that {peer.Self} is down");
        member.PeerDown(peer.Self.Index);
    }

    public void PeerUp(GroupMember member, GroupMember peer)
    {
        Trace?.Add($"{member.Self} hears that {peer.Self} is up");
        member.PeerUp(peer.Self.Index);
    }

    public void Crash(GroupMember member, int lucky = 0)
    {
        Trace?.Add($"{member.Self} crashes, durable {member.Durable} and {lucky} more");
        member.Crash(lucky);
        _isDirty[member.Self.Index] = false;
        _protocol.Ended(member.Self);
        Audit.Crashed(member);
    }

    /// <summary>Damages durable records of a member that is down.</summary>
    public void Damage(GroupMember member, (int From, int Through) records, bool isBlind)
    {
        Trace?.Add($"{member.Self} loses r{records.From} to r{records.Through}");
        member.Damage(records.From, records.Through, isBlind);
        _protocol.Damaged(member.Self);
    }

    public void Restart(GroupMember member)
    {
        Trace?.Add($"{member.Self} restarts");
        Pass(TimeSpan.Zero);
        Audit.Restarted(member);
        member.Restart();
    }

    /// <summary>Whether it had inputs since it settled.</summary>
    public bool IsDirty(GroupMember member) => _isDirty[member.Self.Index];

    public void Settle(GroupMember member)
    {
        member.Settle();
        _isDirty[member.Self.Index] = false;
    }

    /// <summary>Lets a good network and good disks work for a time.</summary>
    public void Run(TimeSpan time)
    {
        Instant end = Now + time;
        while (Now < end)
            RunOnce(end);
    }

    /// <summary>The same until the condition holds; false if it does not in time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        Instant end = Now + limit;
        while (Now < end && !condition())
            RunOnce(end);
        return condition();
    }

    public void Began(GroupMember member) =>
        _protocol.Began(member.Self, member.Kernel, member.OnDisk);

    public void Stepped(GroupMember member)
    {
        _isDirty[member.Self.Index] = true;
        KernelStatus status = member.Kernel.Status;
        if (status.Role == KernelRole.Leading)
            _reigns.Add(status.Term);
        _protocol.Stepped(member.Self, member.Outbox, 0);
        if (++_steps % StepsPerCheck == 0)
            _protocol.Check();
    }

    public void Durable(GroupMember at, RecordNumber number, byte[] body) =>
        _protocol.Durable(at.Self, number, body);

    public void Leaves(GroupMember from, MemberSet to, byte[] frame)
    {
        foreach (Member target in to)
        {
            _protocol.Leaves(from.Self, target, frame);
            Flights.Add(new Flight(from, _members[target.Index], frame, Now));
        }
    }

    public void Asked(GroupMember by, in Effect effect)
    {
        if (Trace is not null && effect.Kind is not EffectKind.WakeAt)
            Trace.Add($"    {by.Self} {effect.Kind} {effect.Request} {effect.Record}");
        Audit.Asked(by, effect);
    }

    public void Delivered(GroupMember at, byte[] command, RequestId request) =>
        Audit.Delivered(at, command, request);

    public void Done(GroupMember at, RequestId request) => Audit.Done(at);

    public void ReadRuns(GroupMember at, RequestId request) => Audit.ReadRuns(at, request);

    private void RunOnce(Instant end)
    {
        Pass(NextPause(end));
        Flight[] arrived = [.. Flights.Where(flight => flight.Left + Delay <= Now)];
        Flights.RemoveAll(flight => flight.Left + Delay <= Now);
        foreach (Flight flight in arrived)
            Deliver(flight);
        foreach (GroupMember member in _members.Where(static member => member.IsUp))
            RunOnce(member);
    }

    private void RunOnce(GroupMember member)
    {
        if (member.Due <= member.Now)
            Wake(member);
        if (IsDirty(member))
            Settle(member);
        if (member.IsFlushed)
            return;

        Flush(member, member.Appended);
        SayPersisted(member);
        Settle(member);
    }

    private TimeSpan NextPause(Instant end)
    {
        if (_members.Any(IsBusy))
            return TimeSpan.Zero;

        TimeSpan pause = end - Now;
        foreach (Flight flight in Flights)
            pause = Shorter(pause, flight.Left + Delay - Now);
        foreach (GroupMember member in _members.Where(static member => member.IsUp))
            pause = Shorter(pause, member.Due - member.Now);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private bool IsBusy(GroupMember member) =>
        member.IsUp && (IsDirty(member) || !member.IsFlushed);
}
