using Synod.Kernel;

namespace Synod.Runtime;

/// <content>A node that is told to stop hands over before it goes.</content>
public sealed partial class Shard
{
    private bool _isRetiring;

    /// <summary>Whether the node may stop without being missed: others lead what it led, and
    /// whoever asked it has an answer. False until <see cref="Retire"/>.</summary>
    public bool IsRetired =>
        _isRetiring && _inbox.IsRead && _resting.Count == 0
        && _replicas.Values.All(static r => r.IsRetired);

    /// <summary>The node is about to stop: from now on it hands leadership over, finishes what is
    /// under way, and names the leader to whoever asks for more. Turns go on until
    /// <see cref="IsRetired"/>, or until whoever stops it no longer waits: a majority may be
    /// missing. Called again, it tells those that do not know yet.</summary>
    /// <remarks>For the thread that takes the turns, between two of them; the next one is to be
    /// taken at once.</remarks>
    public void Retire(Instant now)
    {
        // One by one, as an exception on the way must not keep the news from the other replicas.
        _isRetiring = true;
        foreach (Replica replica in _replicas.Values)
        {
            if (!replica.IsRetiring)
                Step(now, replica, static (replica, now) => replica.Retire(now));
        }
    }
}
