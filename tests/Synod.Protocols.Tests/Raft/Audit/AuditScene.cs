using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>Three members under audit, driven by hand, and ways to tell the audit what no correct
/// member does.</summary>
internal sealed class AuditScene
{
    private const int ElectionTurnsMax = 10;

    private AuditScene(LeaseTerms? lease = null) =>
        Group = new RaftGroup(new RaftSetup(3) { Lease = lease ?? LeaseTerms.Off });

    public RaftGroup Group { get; }

    public RaftAudit Audit => Group.Protocol;

    public RaftMember M0 => Group.Members[0];

    public RaftMember M1 => Group.Members[1];

    public RaftMember M2 => Group.Members[2];

    /// <summary>Nobody leads, all disks are empty.</summary>
    public static AuditScene Fresh() => new();

    /// <summary>m0 leads t1 by the vote of m1, and has a lease by its own clock. The clocks of the
    /// others are far ahead; m2 has heard of nothing.</summary>
    public static AuditScene Leased()
    {
        AuditScene scene = new(new LeaseTerms { Promise = TimeSpan.FromMilliseconds(300) });
        scene.M1.Now += TimeSpan.FromMinutes(1);
        scene.M2.Now += TimeSpan.FromMinutes(1);
        scene.Elect(scene.M0, scene.M1);
        scene.Work(scene.M0, scene.M1);
        return scene;
    }

    /// <summary>m0 leads t1 by the vote of m1. The no-op i1 and the command i2 are on their disks,
    /// committed and delivered at m0. m2 has heard of nothing.</summary>
    public static AuditScene Led()
    {
        AuditScene scene = new();
        scene.Elect(scene.M0, scene.M1);
        scene.Work(scene.M0, scene.M1);
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Work(scene.M0, scene.M1);
        return scene;
    }

    /// <summary>The same, and m0 and m1 have written a command i3. It is on the disk of m1
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

    /// <summary>The same, and m1 leads t2 by the vote of m2. Its no-op i4 is on no disk.</summary>
    public static AuditScene Succeeded()
    {
        AuditScene scene = Written();
        scene.Group.PeerDown(scene.M1, scene.M0);
        scene.Elect(scene.M1, scene.M2);
        return scene;
    }

    public static string RuleOf(Action broken) =>
        Assert.Throws<InvariantBrokenException>(broken).Rule;

    /// <summary>An outbox in which a test writes what a kernel should not.</summary>
    public static Outbox OutboxOf(RaftMember member)
    {
        Outbox outbox = new();
        outbox.Resume(member.Appended);
        return outbox;
    }

    /// <summary>Elects a member by the vote of another.</summary>
    public void Elect(RaftMember candidate, RaftMember voter)
    {
        candidate.WakeWhenDue();
        for (int turn = 0; candidate.Kernel.Status.Role != KernelRole.Leading; turn++)
        {
            Assert.True(turn < ElectionTurnsMax, $"{voter.Self} does not elect {candidate.Self}");
            DeliverTo(voter);
            Finish(voter);
            Finish(candidate);
            DeliverTo(candidate);
        }
    }

    /// <summary>Lets members work until nothing is left to do; what goes to others is
    /// lost.</summary>
    public void Work(params RaftMember[] members)
    {
        do
        {
            foreach (RaftMember member in members)
                DeliverTo(member);
            Group.Flights.RemoveAll(flight => !members.Contains(flight.To));
            foreach (RaftMember member in members)
                Finish(member);
        }
        while (Group.Flights.Exists(flight => members.Contains(flight.To)));
    }

    /// <summary>A frame arrives that never left.</summary>
    public void Forge(RaftMember from, RaftMember to, byte[] frame) =>
        Group.Deliver(new Flight(from, to, frame, Group.Now));

    public void Stepped(RaftMember member, Outbox outbox) => Audit.Stepped(member.Self, outbox, 0);

    public void Leaves(RaftMember from, RaftMember to, byte[] frame) =>
        Audit.Leaves(from.Self, to.Self, frame);

    /// <summary>A record that nobody wrote gets on the disk of a member.</summary>
    public void Store<T>(RaftMember member, in T record, byte[]? command = null)
        where T : struct, IWire
    {
        byte[] body = [.. RaftFrames.Encode(record), .. command ?? []];
        Assert.True(member.OnDisk.Recover(member.Durable.Next(), body));
        Audit.Durable(member.Self, member.Durable.Next(), body);
    }

    public void DeliverTo(RaftMember member)
    {
        Flight[] flights = [.. Group.Flights.Where(flight => flight.To == member)];
        Group.Flights.RemoveAll(flight => flight.To == member);
        foreach (Flight flight in flights)
            Group.Deliver(flight);
    }

    public void Finish(RaftMember member)
    {
        Group.Settle(member);
        if (member.IsFlushed)
            return;

        Group.Flush(member, member.Appended);
        Group.SayPersisted(member);
        Group.Settle(member);
    }
}
