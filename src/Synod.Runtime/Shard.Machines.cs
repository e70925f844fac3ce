using Synod.Kernel;

namespace Synod.Runtime;

/// <content>A part of a node ends and begins anew while the rest goes on.</content>
public sealed partial class Shard
{
    /// <summary>Restarts one replica in place, see <see cref="Restart"/>.</summary>
    /// <returns>False if nothing was done: the replica does not live at this moment.</returns>
    public bool RestartReplica(GroupId group) =>
        _replicas.ContainsKey(group.Number) && Restart(group).Count > 0;

    /// <summary>The machine of one replica loses all its state, as a crash of it alone would, and
    /// is made anew from the log: the kernel votes and replicates on meanwhile, what is asked of
    /// the machine waits, and what asks for the state of now is refused.</summary>
    /// <remarks>For the thread that takes the turns, between two of them; the next one is to be
    /// taken at once.</remarks>
    /// <returns>False if nothing was done: the replica does not live at this moment, its machine is
    /// stopped, or records that it is made from were released.</returns>
    public bool RestartMachine(GroupId group)
    {
        if (!_replicas.TryGetValue(group.Number, out Replica? replica) || _stepping is not null)
            return false;

        _agenda.Touch(replica);
        _stepping = replica;
        bool isDone = replica.TryRestartMachine();
        _stepping = null;
        return isDone;
    }
}
