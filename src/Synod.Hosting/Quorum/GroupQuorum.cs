using System.Runtime.CompilerServices;
using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>Whether a node hears a majority of a group, and who wants to know. Safe for use from
/// any thread.</summary>
internal sealed class GroupQuorum
{
    private readonly Lock _gate = new();
    private readonly HashSet<NodeId> _members;
    private readonly HashSet<NodeId> _heard;
    private TaskCompletionSource _changed = NewChange();

    /// <summary>A group of which only this node is heard.</summary>
    public GroupQuorum(NodeId self, IEnumerable<NodeId> members) =>
        (_members, _heard) = ([.. members], [self]);

    public QuorumStatus Status
    {
        get
        {
            lock (_gate)
                return StatusNow;
        }
    }

    private QuorumStatus StatusNow => new(_heard.Count, _members.Count);

    /// <summary>A node is heard, or is not heard any more.</summary>
    public void Heard(NodeId node, bool isHeard)
    {
        lock (_gate)
        {
            if (!_members.Contains(node))
                return;

            bool had = StatusNow.HasQuorum;
            _ = isHeard ? _heard.Add(node) : _heard.Remove(node);
            if (StatusNow.HasQuorum == had)
                return;

            _changed.SetResult();
            _changed = NewChange();
        }
    }

    /// <summary>What is now, and then what is each time that a majority was reached or lost. Who
    /// does not keep up is told the latest, and never the same twice in a row.</summary>
    public async IAsyncEnumerable<QuorumStatus> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        bool? told = null;
        while (true)
        {
            (QuorumStatus status, Task changed) = Now();
            if (status.HasQuorum != told)
            {
                told = status.HasQuorum;
                yield return status;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private (QuorumStatus Status, Task Changed) Now()
    {
        lock (_gate)
            return (StatusNow, _changed.Task);
    }

    private static TaskCompletionSource NewChange() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
