using Synod.Kernel;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>Three members under audit, driven by hand.</summary>
internal sealed class AuditScene : HandDrivenGroup<RaftGroup>
{
    private AuditScene(LeaseTerms? lease = null)
        : base(new RaftGroup(new RaftSetup(3) { Lease = lease ?? LeaseTerms.Off }))
    {
    }

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
}
