using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.MultiPaxos.Audit;

/// <summary>Three members under audit, driven by hand.</summary>
internal sealed class AuditScene : HandDrivenGroup<MultiPaxosGroup>
{
    private AuditScene(MultiPaxosSetup? setup = null)
        : base(new MultiPaxosGroup(setup ?? new MultiPaxosSetup(3)))
    {
    }

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
}
