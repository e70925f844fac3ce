using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <content>Whether a majority is there, as this node sees it.</content>
public sealed partial class SynodNode
{
    private readonly Dictionary<GroupId, GroupQuorum> _quorums;
    private readonly Lock _quorumGate = new();

    /// <summary>How many members of a group this node hears, and of how many.</summary>
    /// <param name="group">The group; null means group 1.</param>
    /// <exception cref="ArgumentException">This node is no member of it.</exception>
    public QuorumStatus QuorumOf(GroupId? group = null) => Find(group).Status;

    /// <summary>Tells what is now at once, and then each time that this node reaches or loses a
    /// majority of a group; nothing more once the enumeration is left, and it ends when the node
    /// stops. Who does not keep up is told the latest.</summary>
    /// <param name="group">The group; null means group 1.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">This node is no member of it.</exception>
    public IAsyncEnumerable<QuorumStatus> WatchQuorumAsync(
        GroupId? group = null, CancellationToken cancellation = default) =>
        Find(group).WatchAsync(cancellation);

    /// <summary>Returns when this node hears a majority of a group, at once if it does.</summary>
    /// <param name="group">The group; null means group 1.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">This node is no member of it.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public async Task WaitForQuorumAsync(
        GroupId? group = null, CancellationToken cancellation = default)
    {
        await foreach (QuorumStatus status in
            Find(group).WatchAsync(cancellation).ConfigureAwait(false))
        {
            if (status.HasQuorum)
                return;
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }

    internal IMachine? MachineOf(GroupId group) => _options.GroupsOrOne()
        .Where(options => options.GroupId == group)
        .Select(options => options.Machine ?? _machine)
        .FirstOrDefault();

    private QuorumTap Tap(ShardInbox inbox) => new(inbox, (node, isHeard) =>
    {
        foreach (GroupQuorum quorum in _quorums.Values)
            quorum.Heard(node, isHeard);
    });

    private GroupQuorum Find(GroupId? group)
    {
        GroupId wanted = group ?? new GroupId(1);
        return _quorums.TryGetValue(wanted, out GroupQuorum? quorum)
            ? quorum
            : throw new ArgumentException($"This node is no member of {wanted}.", nameof(group));
    }
}
