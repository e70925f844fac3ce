using Synod.Kernel;

namespace Synod.Protocols.Tests.Raft.Properties;

/// <content>Leadership that is moved, and moved again before it has arrived.</content>
internal sealed partial class RaftSchedule
{
    private void Transfer()
    {
        RaftMember member = SomeoneWhoMayLead();
        if (!member.IsUp)
            return;

        _group.Transfer(member, DrawOrder());
        MaySettle(member);
    }

    private TransferOrder DrawOrder() => Below(5) switch
    {
        0 => TransferOrder.Cancel,
        1 => TransferOrder.ToBest,
        _ => TransferOrder.To(Anyone().Self),
    };

    // All clocks go alike here, so that a lease may last as long as the promise.
    private static LeaseTerms LeaseOf(ulong seed) => seed % 3 != 1 ? LeaseTerms.Off : new()
    {
        Promise = TimeSpan.FromMilliseconds(300),
        ClockDrift = 0,
        Margin = TimeSpan.Zero,
    };
}
