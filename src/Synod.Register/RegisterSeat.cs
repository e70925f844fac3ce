using Synod.Kernel;

namespace Synod.Register;

/// <summary>What was last seen of a member.</summary>
internal sealed class RegisterSeat(Member member) : AuditSeat<RegisterReplica>(member)
{
    /// <summary>The newest ballot of each key that it told of.</summary>
    public Dictionary<ulong, Ballot> Learned { get; } = [];

    /// <summary>In which ballot a command ran last.</summary>
    public Dictionary<RequestId, (ulong Key, Ballot Ballot)> Evaluated { get; } = [];

    /// <summary>Reads that are asked for, with what was chosen then.</summary>
    public Dictionary<RequestId, (ulong Key, Ballot Newest)> Reads { get; } = [];

    protected override void Began(RegisterReplica live)
    {
        Learned.Clear();
        Evaluated.Clear();
        Reads.Clear();
    }
}
