using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.MultiPaxos.Audit;

/// <summary>Three members under audit, driven by hand, and ways to tell the audit what no correct
/// member does.</summary>
internal sealed class AuditScene
{
    private const int ElectionTurnsMax = 10;

    private AuditScene(MultiPaxosSetup? setup = null) =>
        Group = new MultiPaxosGroup(setup ?? new MultiPaxosSetup(3));

    public MultiPaxosGroup Group { get; }

    public IProtocolAudit Audit => Group.Protocol;

    public MultiPaxosMember M0 => Group.Members[0];

    public MultiPaxosMember M1 => Group.Members[1];

    public MultiPaxosMember M2 => Group.Members[2];

    /// <summary>Nobody leads, all disks are empty.</summary>
    public static AuditScene Fresh() => new();

    /// <summary>m0 leads b1.m0 by the promise of m1, and has a lease by its own clock. The clocks
    /// of the others are far ahead; m2 has heard of nothing.</summary>
    public static AuditScene Leased()
    {
        LeaseTerms lease = new() { Promise = TimeSpan.FromMilliseconds(300) };
        AuditScene scene = new(new MultiPaxosSetup(3) { Lease = lease });
        scene.M1.Now += TimeSpan.FromMinutes(1);
        scene.M2.Now += TimeSpan.FromMinutes(1);
        scene.Elect(scene.M0, scene.M1);
        scene.M0.WakeWhenDue();
        scene.Work(scene.M0, scene.M1);
        return scene;
    }

    /// <summary>m0 leads b1.m0 by the promise of m1. The command i1 is on their disks, chosen and
    /// delivered at m0. m2 has heard of nothing.</summary>
    public static AuditScene Led(MultiPaxosOptions? options = null)
    {
        AuditScene scene = new(
            new MultiPaxosSetup(3) { Options = options ?? new MultiPaxosOptions() });
        scene.Elect(scene.M0, scene.M1);
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Work(scene.M0, scene.M1);
        return scene;
    }

    /// <summary>The same, and m0 and m1 have written a command i2. It is on the disk of m1
    /// alone.</summary>
    public static AuditScene Written()
    {
        AuditScene scene = Led();
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Group.Settle(scene.M0);
        scene.DeliverTo(scene.M1);
        scene.Group.Settle(scene.M1);
        scene.Group.Flush(scene.M1, scene.M1.Appended);
        scene.Group.Flights.Clear();
        return scene;
    }

    public static string RuleOf(Action broken) =>
        Assert.Throws<InvariantBrokenException>(broken).Rule;

    /// <summary>An outbox in which a test writes what a kernel should not.</summary>
    public static Outbox OutboxOf(MultiPaxosMember member)
    {
        Outbox outbox = new();
        outbox.Resume(member.Appended);
        return outbox;
    }

    /// <summary>Elects a member by the promise of another.</summary>
    public void Elect(MultiPaxosMember candidate, MultiPaxosMember acceptor)
    {
        candidate.WakeWhenDue();
        for (int turn = 0; candidate.Kernel.Status.Role != KernelRole.Leading; turn++)
        {
            Assert.True(turn < ElectionTurnsMax, $"{acceptor.Self} elects no {candidate.Self}");
            DeliverTo(acceptor);
            Finish(acceptor);
            Finish(candidate);
            DeliverTo(candidate);
        }
    }

    /// <summary>Lets members work until nothing is left to do; what goes to others is
    /// lost.</summary>
    public void Work(params MultiPaxosMember[] members)
    {
        do
        {
            foreach (MultiPaxosMember member in members)
                DeliverTo(member);
            Group.Flights.RemoveAll(flight => !members.Contains(flight.To));
            foreach (MultiPaxosMember member in members)
                Finish(member);
        }
        while (Group.Flights.Exists(flight => members.Contains(flight.To)));
    }

    /// <summary>A frame arrives that never left.</summary>
    public void Forge(MultiPaxosMember from, MultiPaxosMember to, byte[] frame) =>
        Group.Deliver(new Flight(from, to, frame, Group.Now));

    public void Stepped(MultiPaxosMember member, Outbox outbox) =>
        Audit.Stepped(member.Self, outbox, 0);

    public void Leaves(MultiPaxosMember from, MultiPaxosMember to, byte[] frame) =>
        Audit.Leaves(from.Self, to.Self, frame);

    /// <summary>A record that nobody wrote gets on the disk of a member.</summary>
    public void Store<T>(MultiPaxosMember member, in T record, byte[]? command = null)
        where T : struct, IWire
    {
        byte[] body = [.. MultiPaxosFrames.Encode(record), .. command ?? []];
        Assert.True(member.OnDisk.Recover(member.Durable.Next(), body));
        Audit.Durable(member.Self, member.Durable.Next(), body);
    }

    public void DeliverTo(MultiPaxosMember member)
    {
        Flight[] flights = [.. Group.Flights.Where(flight => flight.To == member)];
        Group.Flights.RemoveAll(flight => flight.To == member);
        foreach (Flight flight in flights)
            Group.Deliver(flight);
    }

    public void Finish(MultiPaxosMember member)
    {
        Group.Settle(member);
        if (member.IsFlushed)
            return;

        Group.Flush(member, member.Appended);
        Group.SayPersisted(member);
        Group.Settle(member);
    }
}
