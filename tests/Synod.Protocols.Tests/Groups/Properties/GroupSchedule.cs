using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Properties;

/// <summary>Drives a group by a seed: which faults there are, and how often, differs from seed to
/// seed, so that each fault also has runs in which no other hides it. In the end everything is
/// healed, and the group must serve.</summary>
internal sealed partial class GroupSchedule
{
    private const int Steps = 3000;
    private const int FlightsMax = 200;
    private static readonly int[] Sizes = [1, 3, 3, 3, 4, 5, 5, 7];

    private readonly SeededRandom _random;
    private readonly Group _group;
    private readonly List<Flight> _strays = [];
    private readonly MemberSet[] _toldDown;
    private readonly bool _losesFrames;
    private readonly bool _reordersFrames;
    private readonly bool _straysFrames;
    private readonly bool _tellsNews;
    private readonly bool _pressesStorage;
    private readonly bool _isStormy;
    private readonly bool _isFeud;
    private readonly int _longPausesOneIn;
    private readonly (int Weight, Action Action)[] _actions;
    private readonly int _weight;
    private int _leadersSeen;
    private int _deposedIn;

    public GroupSchedule(
        Func<int, GroupLimits, GroupSetup> newSetup,
        ulong seed,
        List<string>? trace,
        bool damages)
    {
        _random = new SeededRandom(seed);
        _isStormy = _random.Chance(1, 2);
        _isFeud = _isStormy && _random.Chance(1, 2);
        int size = _isFeud ? 3 : Sizes[_random.Below(Sizes.Length)];
        GroupSetup setup = newSetup(size, Limits(seed)) with { Seed = _random.NextBits() };
        setup = setup with { IsWatched = seed % 2 == 0, Lease = LeaseOf(seed) };
        _group = new Group(setup) { Trace = trace };
        _toldDown = new MemberSet[size];
        _losesFrames = !_isFeud && _random.Chance(1, 2);
        _reordersFrames = _random.Chance(2, 3);
        _straysFrames = _random.Chance(1, 2);
        _tellsNews = _random.Chance(1, 2);
        _pressesStorage = _random.Chance(1, 8);
        _longPausesOneIn = _isStormy ? 6 : 30;
        _actions = _isStormy ? Storm(size) : Weather(size);
        if (damages)
            _actions = [.. _actions, .. Damages(size)];
        if (setup.TakesSnapshots)
            _actions = [.. _actions, (2 + Below(20), () => _group.Snapshot(Anyone()))];
        _weight = _actions.Sum(static action => action.Weight);
    }

    /// <summary>Throws at the first promise that is not kept.</summary>
    /// <returns>What happened, to see that something did.</returns>
    public RequestAudit Run()
    {
        for (int step = 0; step < Steps; step++)
        {
            Act();
            if (_isFeud)
                Feud();
        }

        HealAll();
        if (_damaged.Count <= _damagedMax)
            Converge();
        _group.Protocol.Check();
        return _group.Audit;
    }

    private (int Weight, Action Action)[] Weather(int size) =>
    [
        (300 + (100 * size), Deliver),
        (100 + Below(20 * size), Flush),
        (60, SayPersisted),
        (30 + Below(50), PassTime),
        (30 + Below(50), Propose),
        (10 + Below(30), Read),
        (60, Settle),
        (_random.Chance(2, 3) ? Below(8) : 0, Crash),
        (4 + Below(12), Restart),
        (_random.Chance(2, 3) ? Below(4) : 0, Part),
        (_random.Chance(2, 3) ? Below(4) : 0, Depose),
        (2 + Below(8), Heal),
        (_pressesStorage ? 4 : 0, Press),
        (_random.Chance(1, 2) ? Below(12) : 0, Transfer),
    ];

    // Leaders come and go before they have done anything, on disks that have hardly anything.
    private (int Weight, Action Action)[] Storm(int size) =>
    [
        (300 + (30 * size), Deliver),
        (60 + Below(100), Flush),
        (40, SayPersisted),
        (30 + Below(50), PassTime),
        (20 + Below(_isFeud ? 80 : 20), Propose),
        (20 + Below(_isFeud ? 80 : 20), Read),
        (60, Settle),
        (_isFeud ? Below(4) : 10 + Below(20), Crash),
        (20 + Below(20), Restart),
        (_isFeud ? 0 : Below(12), Part),
        (_isFeud ? 0 : 5 + Below(20), Depose),
        (_isFeud ? 0 : 10 + Below(20), Heal),
        (_random.Chance(1, 2) ? Below(20) : 0, Transfer),
    ];

    private void Act()
    {
        int chosen = Below(_weight);
        foreach ((int weight, Action action) in _actions)
        {
            chosen -= weight;
            if (chosen >= 0)
                continue;

            action();
            return;
        }
    }

    // Every leader is cut off soon after it was elected, as in figure 8.
    private void Feud()
    {
        if (_group.LeaderCount > _leadersSeen)
        {
            _leadersSeen = _group.LeaderCount;
            _deposedIn = Below(1 + Below(600));
        }

        if (--_deposedIn != 0)
            return;

        _group.Heal();
        Depose();
    }

    private void Deliver()
    {
        List<Flight> flights = _group.Flights;
        if (_strays.Count > 0 && _random.Chance(1, 100))
            DeliverStray();
        if (flights.Count == 0)
            return;

        int chosen = _reordersFrames ? Below(Math.Min(flights.Count, 24)) : 0;
        Flight flight = flights[chosen];
        if (!_random.Chance(1, 50) || !_losesFrames)
            flights.RemoveAt(chosen);
        if (_straysFrames && _random.Chance(1, 40))
            _strays.Add(flight);
        else if (!_losesFrames || !_random.Chance(1, 30))
            _group.Deliver(flight);
        MaySettle(flight.To);
        while (flights.Count > FlightsMax)
            flights.RemoveAt(Below(flights.Count));
    }

    // Long after it left: terms may have passed.
    private void DeliverStray()
    {
        int chosen = Below(_strays.Count);
        Flight stray = _strays[chosen];
        _strays[chosen] = _strays[^1];
        _strays.RemoveAt(_strays.Count - 1);
        _group.Deliver(stray);
        MaySettle(stray.To);
    }

    private void Flush()
    {
        GroupMember member = AnyoneWho(static member => member.Durable < member.Appended);
        long behind = member.Appended.Number - member.Durable.Number;
        if (!member.IsUp || behind == 0)
            return;

        long more = _random.Chance(2, 3) ? behind : 1 + _random.Below(behind);
        _group.Flush(member, new RecordNumber(member.Durable.Number + more));
        if (_random.Chance(1, 2))
            SayPersisted(member);
    }

    private void SayPersisted()
    {
        GroupMember member = AnyoneWho(static member => !member.IsFlushed);
        if (member.IsUp)
            SayPersisted(member);
    }

    private void SayPersisted(GroupMember member)
    {
        _group.SayPersisted(member);
        MaySettle(member);
    }

    private void PassTime()
    {
        bool isLong = _random.Chance(1, _longPausesOneIn);
        _group.Pass(_random.Below(TimeSpan.FromMilliseconds(isLong ? 600 : 40)));
        foreach (GroupMember member in _group.Members)
        {
            if (!member.IsUp || member.Now < member.Due || _random.Chance(1, 4))
                continue;

            _group.Wake(member);
            MaySettle(member);
        }
    }

    private void Propose()
    {
        GroupMember member = SomeoneWhoMayLead();
        if (!member.IsUp)
            return;

        _group.Propose(member, new byte[sizeof(long) + Below(40)]);
        MaySettle(member);
    }

    private void Read()
    {
        GroupMember member = SomeoneWhoMayLead();
        if (!member.IsUp)
            return;

        _group.Read(member);
        MaySettle(member);
    }

    private void Settle()
    {
        GroupMember member = Anyone();
        if (member.IsUp)
            _group.Settle(member);
    }

    private void MaySettle(GroupMember member)
    {
        if (member.IsUp && _group.IsDirty(member) && _random.Chance(2, 3))
            _group.Settle(member);
    }

    private void Crash()
    {
        GroupMember member = _random.Chance(1, 2)
            ? SomeoneWhoMayLead()
            : AnyoneWho(static member => member.Durable < member.Appended);
        if (!member.IsUp)
            return;

        int behind = (int)(member.Appended.Number - member.Durable.Number);
        _group.Crash(member, _random.Chance(1, 2) ? 0 : Below(behind + 1));
        _toldDown[member.Self.Index] = default;
        if (_random.Chance(1, 2))
            _group.Restart(member);
        TellNews();
    }

    private void Restart()
    {
        if (_group.Members.FirstOrDefault(static member => !member.IsUp) is GroupMember member)
            _group.Restart(member);
        TellNews();
    }

    private void Part()
    {
        MemberSet side = new((ushort)Below(1 << _group.Members.Count));
        bool isOneWay = _random.Chance(1, 4);
        foreach (GroupMember from in _group.Members)
        {
            foreach (GroupMember to in _group.Members)
            {
                bool isLeft = side.Contains(from.Self);
                bool isRight = side.Contains(to.Self);
                if (isLeft != isRight && (!isOneWay || isLeft) && !_random.Chance(1, 8))
                    _group.Cut(from, to);
            }
        }

        TellNews();
    }

    // The others elect another leader, and this one does not know yet. What they answered it before
    // may still arrive.
    private void Depose()
    {
        if (_group.Leader is GroupMember leader)
        {
            foreach (GroupMember other in _group.Members)
                _group.Cut(leader, other);
            if (_random.Chance(1, 2))
                _group.Isolate(leader);
        }

        TellNews();
    }

    // A broken connection loses what is on its way, and is no connection in either direction.
    private void TellNews()
    {
        foreach (GroupMember member in _group.Members)
        {
            foreach (GroupMember peer in _group.Members)
                TellNews(member, peer);
        }
    }

    private void TellNews(GroupMember member, GroupMember peer)
    {
        if (!_tellsNews || !member.IsUp || member == peer)
            return;

        bool isDown = !peer.IsUp || _group.IsCut(member, peer) || _group.IsCut(peer, member);
        bool wasTold = _toldDown[member.Self.Index].Contains(peer.Self);
        if (isDown && !wasTold)
        {
            _toldDown[member.Self.Index] = _toldDown[member.Self.Index].With(peer.Self);
            _group.PeerDown(member, peer);
        }
        else if (!isDown && wasTold)
        {
            _toldDown[member.Self.Index] = _toldDown[member.Self.Index].Without(peer.Self);
            _group.PeerUp(member, peer);
        }
    }

    private void HealAll()
    {
        _group.Trace?.Add("all is healed");
        _group.Heal();
        foreach (GroupMember member in _group.Members)
        {
            if (!member.IsUp)
                _group.Restart(member);
            _group.Pressure(member, StoragePressure.None);
        }

        TellNews();
    }

    // Often one that leads, or thinks so.
    private GroupMember SomeoneWhoMayLead() => AnyoneWho(
        static member => member.IsUp && member.Leads);

    private GroupMember AnyoneWho(Func<GroupMember, bool> isWanted)
    {
        GroupMember member = Anyone();
        for (int tries = Below(10); tries > 0 && !isWanted(member); tries--)
            member = Anyone();
        return member;
    }

    private GroupMember Anyone() => _group.Members[Below(_group.Members.Count)];

    private int Below(int bound) => (int)_random.Below(bound);
}
