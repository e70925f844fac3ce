using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register.Audit;

/// <summary>A group of three under audit, driven by hand. All commands write the key k.</summary>
internal sealed class AuditScene : HandDrivenGroup<Group>
{
    private AuditScene()
        : base(new Group(new RegisterSetup(3)))
    {
        foreach (GroupMember member in Group.Members)
            Finish(member);
    }

    /// <summary>Who owns the key.</summary>
    public RegisterMember Owner => (RegisterMember)Group.Members[OwnerOfK(3)];

    public RegisterMember Other => (RegisterMember)Group.Members[Peer(Owner)];

    public RegisterMember Third => (RegisterMember)Group.Members[RegisterScenes.Third(Owner)];

    /// <summary>The first ballot of the key.</summary>
    public static Ballot First => B(1, OwnerOfK(3));

    /// <summary>Nothing has happened.</summary>
    public static AuditScene Fresh() => new();

    /// <summary>The owner has proposed in its first ballot; nobody knows but its disk.</summary>
    public static AuditScene Proposed()
    {
        AuditScene scene = new();
        scene.Group.Propose(scene.Owner, new byte[8]);
        scene.Finish(scene.Owner);
        return scene;
    }

    /// <summary>That is chosen, and everybody knows.</summary>
    public static AuditScene Chosen()
    {
        AuditScene scene = Proposed();
        scene.Work(scene.Owner, scene.Other, scene.Third);
        Assert.EndsWith(" chosen", scene.Third.Holds(K), StringComparison.Ordinal);
        return scene;
    }

    /// <summary>The state that was proposed.</summary>
    public byte[] State => Owner.Kernel.State.GetOrAdd(K).State.ToArray();

    /// <summary>A kernel says what it should not.</summary>
    public string RuleOfStep(RegisterMember member, Action<Outbox> says)
    {
        Outbox outbox = OutboxOf(member);
        says(outbox);
        return RuleOf(() => Stepped(member, outbox));
    }

    /// <summary>A frame leaves that should not.</summary>
    public string RuleOfFrame(RegisterMember from, byte[] frame) =>
        RuleOf(() => Leaves(from, from == Third ? Owner : Third, frame));

    /// <summary>A record gets on a disk that should not be there.</summary>
    public string RuleOfRecord(RegisterMember member, byte[] record) =>
        RuleOf(() => Audit.Durable(member.Self, member.Durable.Next(), record));
}
