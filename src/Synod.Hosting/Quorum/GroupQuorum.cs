using System.Runtime.CompilerServices;
using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>Whether a node hears a majority of a group, and who wants to know. Safe for use from
/// any thread.</summary>
internal sealed class GroupQuorum
{
    private readonly Lock _gate;
    private readonly NodeId[] _members;
    private MemberSet _heard;
    private TaskCompletionSource? _changed;
    private bool _isOver;

    /// <summary>A group of which only this node is heard.</summary>
    /// <param name="self">This node, one of the members.</param>
    /// <param name="members">The members.</param>
    /// <param name="gate">Guards it, and others: it is never held long.</param>
    public GroupQuorum(NodeId self, NodeId[] members, Lock gate)
    {
        (_members, _gate) = (members, gate);
        Heard(self, isHeard: true);
    }

    public QuorumStatus Status
    {
        get
        {
            lock (_gate)
                return StatusNow;
        }
    }

    private QuorumStatus StatusNow => new(_heard.Count, _members.Length);

    /// <summary>A node is heard, or is not heard any more.</summary>
    public void Heard(NodeId node, bool isHeard)
    {
        lock (_gate)
        {
            int place = Array.IndexOf(_members, node);
            if (place < 0)
                return;

            bool had = StatusNow.HasQuorum;
            Member member = new((byte)place);
            _heard = isHeard ? _heard.With(member) : _heard.Without(member);
            if (StatusNow.HasQuorum == had)
                return;

            _changed?.SetResult();
            _changed = null;
        }
    }

    /// <summary>The node stops: nothing is heard any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _changed?.SetResult();
            _changed = null;
        }
    }

    /// <summary>What is now, and then what is each time that a majority was reached or lost, until
    /// the node stops. Who does not keep up is told the latest, and never the same twice in a
    /// row.</summary>
    public async IAsyncEnumerable<QuorumStatus> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        bool? told = null;
        while (Now() is (QuorumStatus status, Task changed))
        {
            if (status.HasQuorum != told)
            {
                told = status.HasQuorum;
                yield return status;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    // Null when it is over.
    private (QuorumStatus Status, Task Changed)? Now()
    {
        lock (_gate)
        {
            if (_isOver)
                return null;

            _changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (StatusNow, _changed.Task);
        }
    }
}
