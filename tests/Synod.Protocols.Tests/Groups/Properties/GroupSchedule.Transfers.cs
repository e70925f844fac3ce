using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Properties;

/// <content>Leadership that is moved, and moved again before it has arrived; and what a seed draws
/// for the options.</content>
internal sealed partial class GroupSchedule
{
    private void Transfer()
    {
        GroupMember member = SomeoneWhoMayLead();
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

    private GroupLimits Limits(ulong seed) => new(
        PerMessageMax: _isFeud || _random.Chance(1, 2) ? 1 : 1 + Below(8),
        BytesPerMessageMax: 1 + Below(200),
        InFlightMessagesMax: 1 + Below(4),
        InFlightBytesMax: 1 + Below(400),
        UncommittedBytesMax: _random.Chance(1, 2) ? 100 + Below(400) : 64 << 20,
        ForwardsProposals: _random.Chance(1, 2),
        AheadMax: 8 + (int)(seed % 57));
}
