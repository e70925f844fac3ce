using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Collects votes, or promises of votes.</summary>
internal sealed class RaftCampaigning(bool isPreVote, RecordNumber ownVote, Instant begun)
    : MemberRole
{
    /// <summary>Whether it only asks whether votes would be given.</summary>
    public bool IsPreVote => isPreVote;

    /// <summary>The record that must be durable before the own vote counts.</summary>
    public RecordNumber OwnVote => ownVote;

    public Instant Begun => begun;

    public MemberSet Granted { get; set; }

    public MemberSet Refused { get; set; }

    public override void Digest(ref StateHash hash)
    {
        hash.Add(isPreVote ? 100 : 101);
        hash.Add(ownVote.Number);
        hash.Add(Granted.Bits);
        hash.Add(Refused.Bits);
    }
}
