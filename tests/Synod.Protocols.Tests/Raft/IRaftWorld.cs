using Synod.Kernel;

namespace Synod.Protocols.Tests.Raft;

/// <summary>What surrounds a member: told of everything that gets out of it.</summary>
internal interface IRaftWorld
{
    /// <summary>A life has begun; nothing of it was performed.</summary>
    void Began(RaftMember member);

    /// <summary>The kernel has taken an input; its effects were not performed.</summary>
    void Stepped(RaftMember member);

    /// <summary>A record is durable, and the durable kernel has it.</summary>
    void Durable(RaftMember at, RecordNumber number, byte[] body);

    /// <summary>A frame leaves: its gate is open.</summary>
    void Leaves(RaftMember from, MemberSet to, byte[] frame);

    /// <summary>An effect was asked for; its gate may be closed.</summary>
    void Asked(RaftMember by, in Effect effect);

    /// <summary>A command stands next in the ordered stream, its gate is open.</summary>
    void Delivered(RaftMember at, byte[] command, RequestId request);

    /// <summary>A read stands next in the ordered stream.</summary>
    void ReadRuns(RaftMember at, RequestId request);
}
