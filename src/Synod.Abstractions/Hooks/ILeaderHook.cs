using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Hears what happens in a group, on the node that leads it and on no other. Implement
/// what is wanted; by default each call does nothing.</summary>
/// <remarks>
/// <para>Called by one thread of its own, in the order of what happened, some time after it. A slow
/// hook delays nobody: what does not fit into its queue is dropped and counted, and what still
/// waits when the node stops is not told. An exception is logged and counted; the next call comes
/// all the same.</para>
/// <para>A command may be told by two nodes, when the leadership changes while it is committed, and
/// again after a restart, then with <see cref="CommittedCommand.IsRestored"/>; or by none, when its
/// leader ends first. A copy of a command that was applied before is never told.</para>
/// </remarks>
public interface ILeaderHook
{
    /// <summary>A command was committed and applied here.</summary>
    void Committed(CommittedCommand command)
    {
    }

    /// <summary>A linearizable query was answered here.</summary>
    void Answered(AnsweredQuery query)
    {
    }

    /// <summary>This node has become the leader.</summary>
    void Elected(LeaderTerm term)
    {
    }

    /// <summary>This node leads and has applied all that its log held when it was started. Told
    /// once after each start that found a log.</summary>
    void Restored(LeaderTerm term)
    {
    }

    /// <summary>A member was added. Not called yet: the members of a group cannot be changed so
    /// far.</summary>
    void FollowerAdded(GroupId group, MemberIdentity follower)
    {
    }

    /// <summary>A member was removed. Not called yet: the members of a group cannot be changed so
    /// far.</summary>
    void FollowerRemoved(GroupId group, MemberIdentity follower)
    {
    }
}
