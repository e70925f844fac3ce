using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A scenario under way: the group, and what the commands of the language do to
/// it.</summary>
internal sealed class ScenarioRun(ScenarioHeader header, GroupTrace? trace)
{
    private const int RoundsMax = 1000;

    private readonly List<GroupFlight> _delayed = [];
    private KernelGroup? _group;

    /// <summary>The group that was started.</summary>
    public KernelGroup Group =>
        _group ?? throw new ScenarioFault("nothing was started: begin with 'start'");

    /// <summary>Does what a line says, ends the turn and looks at the whole group.</summary>
    /// <returns>Why it failed; null if it did not.</returns>
    public string? Do(Action<ScenarioRun> command)
    {
        try
        {
            command(this);
            if (!header.SettlesByHand)
                _group?.Settle();

            // A search comes by here many times, and looks at what it finds itself.
            if (trace is not null)
                _group?.Audit.Check();
            return null;
        }
        catch (ScenarioFault fault)
        {
            Say($"FAILS: {fault.Message}");
            return fault.Message;
        }
        catch (InvariantBrokenException broken)
        {
            string failure = $"a promise is broken: {broken.Message}";
            Say($"FAILS: {failure}");
            return failure;
        }
    }

    public void Start()
    {
        if (_group is not null)
            throw new ScenarioFault("the group was started already");

        _group = new KernelGroup(header.Setup, trace);
        _group.Start();
    }

    public void Say(string line) => trace?.Input(line);

    public GroupMember Up(Member member) =>
        Group[member].IsUp ? Group[member] : throw new ScenarioFault($"{member} is down");

    public GroupMember Down(Member member) =>
        Group[member].IsUp ? throw new ScenarioFault($"{member} is up") : Group[member];

    public void Persist(Member member, long? count)
    {
        GroupMember at = Up(member);
        RecordNumber through = count is long some
            ? new RecordNumber(at.Durable.Number + some)
            : at.Appended;
        if (through > at.Appended || at.Durable == at.Appended)
            throw new ScenarioFault($"{member} has {at.Durable} of {at.Appended} durable already");
        Group.Persist(at, through);
    }

    public void Wake(Member member)
    {
        if (Up(member).Due == Instant.Never)
            throw new ScenarioFault($"{member} has not asked to be woken");
        Group.Wake(Up(member));
    }

    /// <summary>Lets time pass; whoever has asked for it is woken at its time.</summary>
    public void Tick(TimeSpan time)
    {
        Instant end = Group.Now + time;
        while (NextDue() is GroupMember next && next.Due <= end)
        {
            Group.Wake(next);
            if (!header.SettlesByHand)
                Group.Settle();
        }

        Group.PassUntil(end);
    }

    public void Each(ScenarioPick pick, Action<GroupFlight> act)
    {
        foreach (GroupFlight flight in pick.Among(Group.Flights))
            act(flight);
    }

    /// <summary>Keeps frames back, so that nothing delivers them.</summary>
    public void Delay(ScenarioPick pick) => Each(pick, flight =>
    {
        Group.Flights.Remove(flight);
        _delayed.Add(flight);
        Say($"late {flight.From} -> {flight.To} {Group.Describe(flight)}");
    });

    /// <summary>Puts frames that were kept back on their way again, behind all others.</summary>
    public void Release(ScenarioPick pick)
    {
        foreach (GroupFlight flight in pick.Among(_delayed))
        {
            _delayed.Remove(flight);
            Group.Flights.Add(flight);
        }
    }

    public void Crash(Member member, int kept)
    {
        GroupMember at = Up(member);
        Group.Crash(at, kept);
    }

    /// <summary>Damages durable records of a member that is down.</summary>
    public void Corrupt(Member member, (long First, long Last) records, bool isBlind)
    {
        GroupMember at = Down(member);
        (RecordNumber from, RecordNumber through) =
            (new RecordNumber(records.First), new RecordNumber(records.Last));
        if (through > at.Appended)
            throw new ScenarioFault($"{member} has no record behind {at.Appended}");
        Group.Corrupt(at, from, through, isBlind);
    }

    /// <summary>Makes records durable and delivers among the members until nothing is left to do.
    /// No time passes.</summary>
    public void Stabilize(MemberSet members)
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            if (!PersistOnce(members) & !DeliverOnce(members))
                return;
        }

        throw new ScenarioFault($"after {RoundsMax} rounds there was still something to do");
    }

    private bool PersistOnce(MemberSet members)
    {
        bool isBusy = false;
        foreach (Member member in members)
        {
            GroupMember at = Group[member];
            if (!at.IsUp || at.Durable == at.Appended)
                continue;

            Group.Persist(at, at.Appended);
            Group.Settle();
            isBusy = true;
        }

        return isBusy;
    }

    private bool DeliverOnce(MemberSet members)
    {
        GroupFlight[] flights =
        [
            .. Group.Flights.Where(flight =>
                members.Contains(flight.From) && members.Contains(flight.To)),
        ];
        foreach (GroupFlight flight in flights)
            Group.Deliver(flight);
        Group.Settle();
        return flights.Length > 0;
    }

    private GroupMember? NextDue() => Group.Members
        .Where(static member => member.IsUp)
        .MinBy(static member => member.Due);
}
