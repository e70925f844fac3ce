using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Properties;

/// <content>Disks are full or damaged, lines are mended. Promises are kept however many disks are
/// damaged; the group must serve in the end if they were a minority.</content>
internal sealed partial class GroupSchedule
{
    private readonly HashSet<Member> _damaged = [];
    private int _damagedMax;
    private bool _mayDamageAll;

    private (int Weight, Action Action)[] Damages(int size)
    {
        _damagedMax = (size - 1) / 2;
        _mayDamageAll = _random.Chance(1, 3);
        return [(2 + Below(10), Damage)];
    }

    private void Heal()
    {
        _group.Heal();
        TellNews();
    }

    private void Press() => _group.Pressure(Anyone(), (StoragePressure)Below(3));

    private void Damage()
    {
        GroupMember member = Anyone();
        bool isAllowed = _mayDamageAll
            || _damaged.Contains(member.Self)
            || _damaged.Count < _damagedMax;
        if (!isAllowed)
            return;

        if (member.IsUp)
            Crash(member);
        int records = (int)member.Durable.Number;
        if (records == 0)
            return;

        _damaged.Add(member.Self);
        int from = 1 + Below(records);
        if (_random.Chance(1, 2))
            from = Math.Max(1, records - Below(8));
        int through = Math.Min(records, from + Below(_random.Chance(1, 2) ? 3 : 12));
        _group.Damage(member, (from, through), isBlind: _random.Chance(1, 10));
    }

    private void Crash(GroupMember member)
    {
        _group.Crash(member);
        _toldDown[member.Self.Index] = default;
        TellNews();
    }
}
