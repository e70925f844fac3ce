using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Properties;

/// <content>What a healed group must do.</content>
internal sealed partial class GroupSchedule
{
    private static readonly TimeSpan ServesWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AsksEvery = TimeSpan.FromMilliseconds(20);

    // A group that is whole again has a leader soon, commits, answers reads and ends all requests.
    private void Converge()
    {
        int proposed = 0;
        bool serves = false;
        Instant end = _group.Now + ServesWithin;
        while (!serves && _group.Now < end)
        {
            bool mayAsk = true;
            serves = _group.RunUntil(() => HasServed(ref proposed, ref mayAsk), AsksEvery);
        }

        RequestAudit.Expect(
            serves, $"the healed group does not serve; {_group.Audit.OpenCount} open");
        RequestAudit.Expect(_group.Audit.OpenCount == 0, "a request never ended");
    }

    // Who is refused asks again when time has passed.
    private bool HasServed(ref int proposed, ref bool mayAsk)
    {
        RequestAudit audit = _group.Audit;
        bool isOver = audit.OpenCount == 0
            && _group.Members.All(static member => member.IsFlushed);
        if (proposed > 0 && isOver && audit.AcknowledgedCount < proposed)
            proposed = 0;

        // At once: in a group that rests nothing happens before.
        if (proposed == 0 && mayAsk && _group.Leader is GroupMember leader)
        {
            mayAsk = false;
            _group.Propose(leader, new byte[sizeof(long)]);
            _group.Read(leader);
            proposed = audit.AcknowledgedCount + 1;
        }

        return proposed > 0
            && audit.OpenCount == 0
            && audit.AcknowledgedCount >= proposed
            && _group.Members.All(member => audit.DeliveredBy(member) == audit.DeliveredCount)
            && _group.Members.All(static member =>
                member.Kernel.Status.Health != KernelHealth.Damaged);
    }
}
