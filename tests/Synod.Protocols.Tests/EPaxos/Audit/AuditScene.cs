using Synod.Kernel;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.EPaxos.Audit;

/// <summary>A group under audit, driven by hand. All commands write the key k.</summary>
internal sealed class AuditScene : HandDrivenGroup<Group>
{
    private AuditScene(EPaxosSetup setup)
        : base(new Group(setup with { IsKeyed = true, SettlesEachInput = true }))
    {
    }

    public EPaxosMember M0 => Of(0);

    public EPaxosMember M1 => Of(1);

    public EPaxosMember M2 => Of(2);

    /// <summary>All disks are empty.</summary>
    public static AuditScene Fresh(int members = 3) => new(new EPaxosSetup(members));

    /// <summary>The command of m0 is decided there, and waits for that of m1, of which m0 knows
    /// nothing else.</summary>
    public static AuditScene Waiting()
    {
        AuditScene scene = Fresh();
        scene.Group.Propose(scene.M1, new byte[8]);
        scene.Finish(scene.M1);
        scene.Group.Flights.Clear();
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Work(scene.M0, scene.M1);
        Assert.StartsWith("Committed", scene.M0.Knows(0, 1), StringComparison.Ordinal);
        return scene;
    }

    public EPaxosMember Of(int member) => (EPaxosMember)Group.Members[member];

    /// <summary>A kernel says what it should not.</summary>
    public string RuleOfStep(EPaxosMember member, Action<Outbox> says)
    {
        Outbox outbox = OutboxOf(member);
        says(outbox);
        return RuleOf(() => Stepped(member, outbox));
    }
}
