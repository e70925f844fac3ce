using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>A group under audit, driven by hand, and ways to tell the audit what no correct member
/// does.</summary>
internal abstract class HandDrivenGroup<TGroup>(TGroup group)
    where TGroup : Group
{
    private const int ElectionTurnsMax = 10;

    public TGroup Group => group;

    public IProtocolAudit Audit => group.Protocol;

    public static string RuleOf(Action broken) =>
        Assert.Throws<InvariantBrokenException>(broken).Rule;

    /// <summary>An outbox in which a test writes what a kernel should not.</summary>
    public static Outbox OutboxOf(GroupMember member)
    {
        Outbox outbox = new();
        outbox.Resume(member.Appended);
        return outbox;
    }

    /// <summary>Elects a member by the promise or vote of another.</summary>
    public void Elect(GroupMember candidate, GroupMember voter)
    {
        candidate.WakeWhenDue();
        for (int turn = 0; candidate.Kernel.Status.Role != KernelRole.Leading; turn++)
        {
            Assert.True(turn < ElectionTurnsMax, $"{voter.Self} elects no {candidate.Self}");
            DeliverTo(voter);
            Finish(voter);
            Finish(candidate);
            DeliverTo(candidate);
        }
    }

    /// <summary>Lets members work until nothing is left to do; what goes to others is
    /// lost.</summary>
    public void Work(params GroupMember[] members)
    {
        do
        {
            foreach (GroupMember member in members)
                DeliverTo(member);
            group.Flights.RemoveAll(flight => !members.Contains(flight.To));
            foreach (GroupMember member in members)
                Finish(member);
        }
        while (group.Flights.Exists(flight => members.Contains(flight.To)));
    }

    /// <summary>A frame arrives that never left.</summary>
    public void Forge(GroupMember from, GroupMember to, byte[] frame) =>
        group.Deliver(new Flight(from, to, frame, group.Now));

    public void Stepped(GroupMember member, Outbox outbox) =>
        Audit.Stepped(member.Self, outbox, 0);

    public void Leaves(GroupMember from, GroupMember to, byte[] frame) =>
        Audit.Leaves(from.Self, to.Self, frame);

    /// <summary>A record that nobody wrote gets on the disk of a member.</summary>
    public void Store<T>(GroupMember member, in T record, byte[]? command = null)
        where T : struct, IWire
    {
        FrameBuffer buffer = new();
        record.WriteTo(buffer);
        byte[] body = [.. buffer.Written, .. command ?? []];
        Assert.True(member.OnDisk.Recover(member.Durable.Next(), body));
        Audit.Durable(member.Self, member.Durable.Next(), body);
    }

    public void DeliverTo(GroupMember member)
    {
        Flight[] flights = [.. group.Flights.Where(flight => flight.To == member)];
        group.Flights.RemoveAll(flight => flight.To == member);
        foreach (Flight flight in flights)
            group.Deliver(flight);
    }

    public void Finish(GroupMember member)
    {
        group.Settle(member);
        if (member.IsFlushed)
            return;

        group.Flush(member, member.Appended);
        group.SayPersisted(member);
        group.Settle(member);
    }
}
