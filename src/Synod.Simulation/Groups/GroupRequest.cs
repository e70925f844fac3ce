using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What a client asked of a member, and how it ended.</summary>
internal sealed class GroupRequest(RequestId id, Member at, string? command)
{
    public RequestId Id => id;

    public Member At => at;

    /// <summary>Null if it is a read or a transfer.</summary>
    public string? Command => command;

    public bool IsTransfer { get; init; }

    /// <summary>How many commands were acknowledged to someone before it was asked.</summary>
    public required int AcknowledgedBefore { get; init; }

    public RequestEnd End { get; set; }
}
