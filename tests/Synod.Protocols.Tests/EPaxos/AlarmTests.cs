using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>When to look again at which instance.</summary>
public class AlarmTests
{
    private readonly EPaxosState _state = new(3);
    private readonly EPaxosAlarms _alarms;

    public AlarmTests() => _alarms = new EPaxosAlarms(_state);

    [Fact]
    public void Alarms_are_heard_by_time_then_by_owner_and_slot_and_never_before_their_time()
    {
        _alarms.Set(Id(1, 1), At(20));
        _alarms.Set(Id(0, 7), At(20));
        _alarms.Set(Id(0, 2), At(20));
        _alarms.Set(Id(2, 5), At(10));

        Assert.Equal([Id(2, 5)], Heard(At(19)));
        Assert.Equal(At(20), _alarms.Next);
        Assert.Equal([Id(0, 2), Id(0, 7), Id(1, 1)], Heard(At(20)));
        Assert.Equal(Instant.Never, _alarms.Next);
    }

    [Fact]
    public void The_last_time_counts_whether_the_instance_was_known_before_or_became_known()
    {
        _alarms.Set(Id(0, 1), At(10));
        _state.FindOrAdd(Id(0, 1));
        _alarms.Hasten(Id(0, 1), At(30));
        Assert.Equal(At(10), _alarms.Next);

        _alarms.Set(Id(0, 1), At(30));
        _alarms.Set(Id(0, 2), At(40));
        _alarms.Set(Id(0, 3), At(30));
        _alarms.Hasten(Id(0, 2), At(20));
        _alarms.Cancel(Id(0, 3));
        Assert.Equal(At(20), _alarms.Next);
        Assert.Equal([Id(0, 2), Id(0, 1)], Heard(At(100)));
        Assert.False(_alarms.Has(Id(0, 1)));
    }

    private static Instant At(int milliseconds) => new(milliseconds * TimeSpan.TicksPerMillisecond);

    private List<InstanceId> Heard(Instant now)
    {
        List<InstanceId> heard = [];
        while (_alarms.TryTake(now, out InstanceId id))
            heard.Add(id);
        return heard;
    }
}
