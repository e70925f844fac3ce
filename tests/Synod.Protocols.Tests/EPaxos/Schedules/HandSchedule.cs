using Synod.EPaxos;
using Synod.Kernel;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.EPaxos.Schedules;

/// <summary>A whole group under audit, frame by frame. All commands write the key k, so that all
/// members execute them in one order. What is not delivered stays on its way, or is lost.</summary>
internal sealed class HandSchedule : HandDrivenGroup<Group>
{
    private const int WakesMax = 20;
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(30);

    public HandSchedule(int members, EPaxosOptions? options = null)
        : base(new Group(new EPaxosSetup(members)
        {
            IsKeyed = true,
            SettlesEachInput = true,
            Options = options ?? new EPaxosOptions { SlotBlock = 1 },
        }))
    {
    }

    public EPaxosMember this[int member] => (EPaxosMember)Group.Members[member];

    /// <summary>Proposes a command; the own record becomes durable.</summary>
    public void Propose(int member)
    {
        Group.Propose(this[member], new byte[8]);
        Finish(this[member]);
    }

    /// <summary>Delivers the oldest frame of a kind between two members, or the oldest of an
    /// instance, and lets the receiver work.</summary>
    public void Send(EPaxosKind kind, int from, int to, InstanceId? of = null)
    {
        Arrive(kind, from, to, of);
        Finish(this[to]);
    }

    /// <summary>The same, and what the receiver records is not durable.</summary>
    public void Arrive(EPaxosKind kind, int from, int to, InstanceId? of = null)
    {
        Flight flight = Group.Flights.First(flight => flight.From == this[from]
            && flight.To == this[to]
            && IsOf(flight, kind)
            && (of is null || IdOf(flight) == of));
        Group.Flights.Remove(flight);
        Group.Deliver(flight);
        Group.Settle(this[to]);
    }

    /// <summary>A question, and its answer.</summary>
    public void Ask(EPaxosKind kind, int from, int to, InstanceId? of = null)
    {
        Send(kind, from, to, of);
        Send(kind + 1, to, from, of);
    }

    /// <summary>All that is on its way arrives, and all work; how many messages of which kinds
    /// that were.</summary>
    public string Round()
    {
        Flight[] flights = [.. Group.Flights];
        Group.Flights.Clear();
        foreach (Flight flight in flights)
        {
            Group.Deliver(flight);
            Group.Settle(flight.To);
        }

        foreach (GroupMember member in Group.Members)
            Finish(member);
        return string.Join(", ", flights
            .SelectMany(static flight => KindsOf(flight.Frame))
            .CountBy(static kind => kind)
            .Select(static one => $"{one.Value} {one.Key}"));
    }

    /// <summary>All that is on its way is lost.</summary>
    public void LoseAll() => Group.Flights.Clear();

    /// <summary>All but frames of one kind and instance is lost.</summary>
    public void LoseAllBut(EPaxosKind kind, InstanceId id) =>
        Group.Flights.RemoveAll(flight => !IsOf(flight, kind) || IdOf(flight) != id);

    /// <summary>Members hear that others are gone.</summary>
    public void Miss(int member, params int[] lost)
    {
        foreach (int peer in lost)
            Group.PeerDown(this[member], this[peer]);
    }

    /// <summary>A member crashes, all others hear of it, and what it has sent is lost.</summary>
    public void Kill(int member)
    {
        Group.Crash(this[member]);
        Group.Flights.RemoveAll(
            flight => flight.From == this[member] || flight.To == this[member]);
        foreach (GroupMember other in Group.Members.Where(static one => one.IsUp))
            Group.PeerDown(other, this[member]);
    }

    /// <summary>A member that knows of an instance, or is told of it, waits until it asks for
    /// promises.</summary>
    public void BeginRecovery(int member, InstanceId id)
    {
        EPaxosMember recoverer = this[member];
        if (recoverer.Knows(id.Owner.Index, id.Slot).Length == 0)
            Forge(this[(member + 1) % 3], recoverer, EPaxosFrames.TryRecover(id));
        int wakes = 0;
        while (!Group.Flights.Exists(flight => flight.From == recoverer
            && IsOf(flight, EPaxosKind.Recover)
            && IdOf(flight) == id))
        {
            Assert.True(wakes++ < WakesMax, $"{recoverer.Self} does not recover {id}");
            Group.Pass(recoverer.Due - recoverer.Now);
            Group.Wake(recoverer);
            Finish(recoverer);
        }
    }

    /// <summary>All is well again: whoever is down comes back, all are connected, and everything
    /// that anybody knows is executed everywhere.</summary>
    public void Heal()
    {
        foreach (GroupMember member in Group.Members.Where(static member => !member.IsUp))
            Group.Restart(member);
        foreach (GroupMember member in Group.Members)
        {
            foreach (GroupMember other in Group.Members.Where(other => other != member))
                Group.PeerUp(member, other);
        }

        Assert.True(Group.RunUntil(IsSettled, SettlesWithin));
        Group.Protocol.Check();
        Assert.Single(Group.Members.Select(Group.Audit.DeliveredBy).Distinct());
    }

    private bool IsSettled() => Group.Audit.OpenCount == 0 && Group.Members.All(
        static member => ((EPaxosMember)member).Kernel.State.All().All(
            static one => one.IsExecuted) && member.Due == Instant.Never);

    private static bool IsOf(Flight flight, EPaxosKind kind) => flight.Frame[1] == (byte)kind;

    private static IEnumerable<EPaxosKind> KindsOf(byte[] frame) =>
        (EPaxosKind)frame[1] == EPaxosKind.Bundle
            ? EPaxosCodec.PartsOf(frame).Select(static part => (EPaxosKind)part[1])
            : [(EPaxosKind)frame[1]];

    private static InstanceId IdOf(Flight flight)
    {
        FrameReader reader = new(flight.Frame.AsSpan(2));
        return InstanceId.ReadFrom(ref reader);
    }
}
