using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>What surrounds a member: told of everything that gets out of it.</summary>
internal interface IWorld
{
    /// <summary>A life has begun; nothing of it was performed.</summary>
    void Began(GroupMember member);

    /// <summary>The kernel has taken an input; its effects were not performed.</summary>
    void Stepped(GroupMember member);

    /// <summary>A record is durable, and the durable kernel has it.</summary>
    void Durable(GroupMember at, RecordNumber number, byte[] body);

    /// <summary>A frame leaves: its gate is open.</summary>
    void Leaves(GroupMember from, MemberSet to, byte[] frame);

    /// <summary>An effect was asked for; its gate may be closed.</summary>
    void Asked(GroupMember by, in Effect effect);

    /// <summary>A command stands next in the ordered stream, its gate is open.</summary>
    void Delivered(GroupMember at, byte[] command, RequestId request);

    /// <summary>A command has come about, where there is no order.</summary>
    void Done(GroupMember at, RequestId request);

    /// <summary>A read stands next in the ordered stream.</summary>
    void ReadRuns(GroupMember at, RequestId request);
}
