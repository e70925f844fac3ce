using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Restart in place: one replica ends and begins anew while the rest goes on.</content>
public sealed partial class Shard
{
    private readonly SortedDictionary<ulong, ReplicaLife> _resting = [];

    /// <summary>Restarts one replica in place, as a crash of it alone would: whatever it has not
    /// performed is dropped, whoever waits for an answer is told that it is unknown, and it begins
    /// anew from its records once all of them are durable. Until then its requests are refused and
    /// its peers' frames are lost. Nothing happens if it has not begun anew since the last
    /// restart.</summary>
    /// <remarks>For the thread that takes the turns, between two of them; the next one is to be
    /// taken at once. If an exception has ended a turn amid a step of a replica, this must be the
    /// next call, and that replica is restarted too, whichever is named: half a step is not gone on
    /// from. Other replicas lose nothing.</remarks>
    /// <returns>Whose life has ended, in the order of their ends.</returns>
    /// <exception cref="ArgumentException">The group is not here.</exception>
    public IReadOnlyList<GroupId> Restart(GroupId group)
    {
        bool isResting = _resting.ContainsKey(group.Number);
        bool isHere = _replicas.TryGetValue(group.Number, out Replica? replica);
        if (!isResting && !isHere)
        {
            throw new ArgumentException(
                $"{_node.Identity.Member.Node} does not serve {group}.", nameof(group));
        }

        List<GroupId> ended = [];
        if (_stepping is { } cut && cut != replica)
            ended.Add(End(cut));
        if (replica is not null)
            ended.Add(End(replica));
        return ended;
    }

    private GroupId End(Replica replica)
    {
        _resting.Add(replica.Group.Number, replica.Leave());
        _replicas.Remove(replica.Group.Number);
        _agenda.Remove(replica);
        _stepping = null;
        replica.Counters.Restarts++;
        replica.End();
        return replica.Group;
    }

    // Before all of its records are durable, a power failure could leave less than what the new
    // life was told that it is.
    private void Revive(Instant now)
    {
        if (_resting.Count == 0)
            return;

        foreach (ReplicaLife life in _resting.Values.ToArray())
        {
            life.Records.DurableThrough(_log.Durable);
            if (life.Records.Durable < life.Records.Appended)
                continue;

            Replica replica = new(this, life);
            _resting.Remove(life.Group.Id.Number);
            _replicas.Add(life.Group.Id.Number, replica);
            Step(now, replica, static (replica, now) => replica.Return(now));
            if (_isRetiring)
                Step(now, replica, static (replica, now) => replica.Retire(now));
        }
    }
}
