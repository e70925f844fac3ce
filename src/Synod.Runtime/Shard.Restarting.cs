using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Restart in place: one replica ends and begins anew while the rest goes on.</content>
public sealed partial class Shard
{
    private readonly SortedDictionary<ulong, ReplicaLife> _resting = [];
    private readonly SortedDictionary<ulong, Replica> _returning = [];
    private readonly Dictionary<ulong, Instant> _restsUntil = [];
    private readonly Dictionary<ulong, ReplicaCrashes> _crashes = [];
    private readonly SortedDictionary<ulong, string> _stopped = [];

    /// <summary>Restarts one replica in place, as a crash of it alone would: whatever it has not
    /// performed is dropped, whoever waits for an answer is told that it is unknown, and it begins
    /// anew from its records once all of them are durable: turn by turn as many as fit, and no turn
    /// waits for the disk. Until then its requests are refused and its peers' frames are lost.
    /// Nothing happens if it has not begun anew since the last restart.</summary>
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

    /// <summary>An exception has ended a turn. If it came from a step of one replica, that replica
    /// alone is restarted in place: the first time at once, then later and later. After eight
    /// crashes in a row it is stopped until the process ends; clients are told why, and the other
    /// members go on without it.</summary>
    /// <returns>False if the exception concerns more than one replica, or is of the log: then the
    /// node must end.</returns>
    /// <remarks>For the thread that takes the turns; this must be the next call after the turn, and
    /// the next turn is to be taken at once.</remarks>
    public bool Crashed(Exception failure, Instant now)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure is LogException || _log.Poison is not null || _stepping is not { } crashed)
            return false;

        ulong group = crashed.Group.Number;
        if (!_crashes.TryGetValue(group, out ReplicaCrashes? crashes))
            _crashes.Add(group, crashes = new ReplicaCrashes());
        Instant until = crashes.Add(now);
        string why = $"{failure.GetType().Name}: {failure.Message}";
        crashed.Counters.Crashes++;
        crashed.Counters.LastCrash = why;
        End(crashed);
        if (until == Instant.Never)
            Stop(crashed, why);
        else
            _restsUntil[group] = until;
        _notices.Crashed(crashed.Group, failure, until - now);
        return true;
    }

    private void Stop(Replica replica, string why)
    {
        _resting.Remove(replica.Group.Number);
        replica.Counters.IsStopped = true;
        _stopped[replica.Group.Number] =
            $"{replica.Group} is stopped on {_node.Identity.Member.Node}: it has crashed "
            + $"{ReplicaCrashes.RestartsMax + 1} times in a row, the last time with {why} Other "
            + "members may serve it. Restart the process when the cause is mended.";
    }

    private Instant NextRevival(Instant now, Instant next)
    {
        foreach (ulong group in _resting.Keys)
        {
            if (_restsUntil.TryGetValue(group, out Instant until) && until > now && until < next)
                next = until;
        }

        foreach (Replica replica in _returning.Values)
        {
            if (!replica.IsWaitingForSlice)
                return now;
        }

        return next;
    }

    // Why a group of this node is not served now.
    private string WhyUnavailable(GroupId group)
    {
        if (_stopped.TryGetValue(group.Number, out string? why))
            return why;

        NodeId self = _node.Identity.Member.Node;
        return _resting.ContainsKey(group.Number)
            ? $"{group} is restarting on {self}."
            : $"{self} does not serve {group}.";
    }

    private GroupId End(Replica replica)
    {
        _resting[replica.Group.Number] = replica.Leave();
        _returning.Remove(replica.Group.Number);
        _replicas.Remove(replica.Group.Number);
        _agenda.Remove(replica);
        _stepping = null;

        // What its last step has asked for is dropped with it.
        _buffers.Outbox.Clear();
        replica.Counters.Restarted();
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
            ulong group = life.Group.Id.Number;
            bool waits = _restsUntil.TryGetValue(group, out Instant until) && now < until;
            if (waits || life.Records.Durable < life.Records.Appended)
                continue;

            if (!_returning.TryGetValue(group, out Replica? replica))
            {
                _returning.Add(group, replica = new Replica(this, life));
                replica.BeginReturn();
            }

            // Not by way of the agenda: who has not begun to live takes no part in the turn.
            _stepping = replica;
            bool isBack = replica.TakeBack();
            _stepping = null;
            if (isBack)
                Begin(now, replica);
        }
    }

    private void Begin(Instant now, Replica replica)
    {
        ulong group = replica.Group.Number;
        _returning.Remove(group);
        _resting.Remove(group);
        _restsUntil.Remove(group);
        _replicas.Add(group, replica);
        Step(now, replica, static (replica, now) => replica.Start(now));
        if (_isRetiring)
            Step(now, replica, static (replica, now) => replica.Retire(now));
    }
}
