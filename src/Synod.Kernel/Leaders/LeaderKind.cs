namespace Synod.Kernel;

/// <summary>The kinds of the messages of <see cref="LeaderDuties{TReign}"/>. They share the byte
/// with the kinds of the protocol, which has others.</summary>
public enum LeaderKind : byte
{
    /// <summary><see cref="TimeoutNow{TReign}"/>.</summary>
    TimeoutNow = 64,

    /// <summary><see cref="Forward{TReign}"/>.</summary>
    Forward = 65,

    /// <summary><see cref="ForwardReply{TReign}"/>.</summary>
    ForwardReply = 66,

    /// <summary><see cref="Rouse{TReign}"/>.</summary>
    Rouse = 67,

    /// <summary><see cref="ReadIndex{TReign}"/>.</summary>
    ReadIndex = 68,

    /// <summary><see cref="ReadIndexReply{TReign}"/>.</summary>
    ReadIndexReply = 69,
}
